using System.Globalization;
using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Every launch and refusal of the firmware vectors, through the command line.</summary>
public sealed class MeasureFirmwareVectorTests
{
    private static readonly Lazy<JsonElement> Manifest = new(() => JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("firmware", "manifest.json"))).RootElement);

    public static TheoryData<string> Cases => Names("cases");

    public static TheoryData<string> Refusals => Names("refusals");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Launch_GivesItsDigest(string id)
    {
        Assert.SkipUnless(IsPresent, Vectors.SkipReason);
        JsonElement given = Entry("cases", id);
        string expected = given.GetProperty("expect").GetProperty("digest").GetString()!;
        if (given.GetProperty("mode").GetString() == "snp:ovmf-hash")
        {
            CliResult shown = await Cli.RunAsync("measure", "firmware", "--ovmf", Fixture(given, "firmware"), "--vcpus", "1", "--vmm", "ec2", "--format", "json");
            Assert.Equal(expected, shown.Json.GetProperty("firmware_digest").GetString());
            return;
        }

        CliResult result = await Cli.RunAsync([.. Arguments(given), "--bare"]);
        Assert.Equal((0, $"{expected}  {Fixture(given, "firmware")}\n", ""), (result.ExitCode, result.Out, result.Error));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusal_IsOneErrorWithoutAResult(string id)
    {
        Assert.SkipUnless(IsPresent, Vectors.SkipReason);
        JsonElement refusal = Entry("refusals", id);
        CliResult result = await Cli.RunAsync([.. Arguments(refusal.GetProperty("args")), "--bare"]);
        string reason = refusal.GetProperty("expect").GetProperty("refused").GetString()!;

        // What the options alone tell is a fault of the command line; all else is a file that cannot be measured.
        bool isUsage = reason is "vcpus" or "cpu" or "firmware-digest" or "vars-size" or "profile" or "initrd-without-kernel" or "append-without-kernel";
        Assert.Equal(isUsage ? 1 : 2, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal));
        Assert.True(isUsage || result.Error.Contains($": {reason.Replace('-', '_').ToUpperInvariant()}: ", StringComparison.Ordinal), result.Error);
    }

    private static bool IsPresent => File.Exists(Vectors.Path("firmware", "manifest.json"));

    private static TheoryData<string> Names(string list) =>
        IsPresent ? [.. Manifest.Value.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetString()!)] : ["(no vectors)"];

    private static JsonElement Entry(string list, string id) => Manifest.Value.GetProperty(list).EnumerateArray().Single(e => e.GetProperty("id").GetString() == id);

    private static string Fixture(JsonElement given, string name) => Vectors.Path("firmware", "fixtures", given.GetProperty(name).GetString()!);

    private static List<string> Arguments(JsonElement given)
    {
        List<string> args = ["measure", "firmware", "--ovmf", Fixture(given, "firmware")];
        foreach (JsonProperty member in given.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null))
        {
            string? option = member.Name switch
            {
                "vcpus" => "--vcpus",
                "vmm" => "--vmm",
                "mode" => "--mode",
                "guestFeatures" => "--guest-features",
                "fpuState" => "--fpu",
                "vmsaGpa" => "--vmsa-gpa",
                "firmwareDigest" => "--ovmf-hash",
                "append" => "--append",
                "varsSize" => "--vars-size",
                "kernel" or "initrd" or "svsm" => $"--{member.Name}",
                "cpu" => member.Value.TryGetProperty("type", out _) ? "--vcpu-type" : "--vcpu-signature",
                "id" or "firmware" or "expect" or "computedBy" or "alsoExpectedBy" or "note" => null,
                _ => throw new InvalidDataException($"unknown member {member.Name}"),
            };
            if (option is not null)
            {
                args.Add(option);
                args.Add(Value(given, member));
            }
        }

        return args;
    }

    private static string Value(JsonElement given, JsonProperty member) => member.Name switch
    {
        "kernel" or "initrd" or "svsm" => Fixture(given, member.Name),
        "cpu" => member.Value.TryGetProperty("type", out JsonElement type) ? type.GetString()! : member.Value.GetProperty("signature").GetString()!,
        "vcpus" or "varsSize" => member.Value.GetInt64().ToString(CultureInfo.InvariantCulture),
        _ => member.Value.GetString()!,
    };
}
