using System.Text.Json.Nodes;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Every IGVM vector through <c>measure igvm</c>.</summary>
public sealed class IgvmVectorTests
{
    private static readonly Lazy<JsonNode> Manifest = new(() => JsonNode.Parse(File.ReadAllBytes(Vectors.Path("igvm", "manifest.json")))!);

    public static TheoryData<string> Good => Names("good");

    public static TheoryData<string> Malformed => Names("malformed");

    [Theory]
    [MemberData(nameof(Good))]
    public async Task GoodVector_GivesItsDigest(string file)
    {
        JsonNode vector = Find("good", file);
        if (vector["models"] is not { } models)
        {
            CliResult refused = await MeasureAsync(file);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Out));
            Assert.StartsWith($"error: {PathOf(file)}: PLATFORM_ABSENT", refused.Error, StringComparison.Ordinal);
            return;
        }

        string spec = vector["ground_truth_snp"]?.GetValue<string>() ?? models["spec"]!.GetValue<string>();
        Assert.Equal($"{spec}  {PathOf(file)}\n", await DigestAsync(file));
        Assert.Equal($"{models["qemu_kvm"]!.GetValue<string>()}  {PathOf(file)}\n", await DigestAsync(file, "--profile", "qemu-kvm"));
        foreach (JsonNode? printed in vector["results"]!.AsArray().Where(r =>
            r!["tool"]!.GetValue<string>() == "igvmmeasure" && r["platform"]!.GetValue<string>() == "sev-snp" && r["digest"] is not null))
        {
            bool native = printed!["options"]!.AsArray().Any(o => o!.GetValue<string>() == "--native-zero");
            string[] zero = native ? ["--zero-pages", "native"] : [];
            Assert.Equal($"{printed["digest"]!.GetValue<string>()}  {PathOf(file)}\n", await DigestAsync(file, ["--compat", "igvmmeasure", .. zero]));
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task MalformedVector_IsRefusedOrWarnedAbout(string file)
    {
        JsonNode vector = Find("malformed", file);
        CliResult lenient = await MeasureAsync(file);
        if (lenient.ExitCode == 0)
        {
            Assert.Equal("strict", vector["enforced_by"]!.GetValue<string>());
            Assert.StartsWith($"warning: {PathOf(file)}: ", lenient.Error, StringComparison.Ordinal);
        }
        else
        {
            AssertRefused(file, lenient, warned: vector["enforced_by"]!.GetValue<string>() == "strict");
        }

        AssertRefused(file, await MeasureAsync(file, "--strict"), warned: false);
    }

    [Fact]
    public async Task AllVectorsTogether_GiveALineEach()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        string[] files = [.. Good.Concat(Malformed).Select(r => PathOf(r.Data))];
        CliResult result = await Cli.RunAsync(["measure", "igvm", .. files, "--bare", "--strict"]);

        Assert.Equal(2, result.ExitCode);
        int errors = result.Error.Split('\n').Count(l => l.StartsWith("error: ", StringComparison.Ordinal));
        Assert.Equal(files.Length, errors + result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static void AssertRefused(string file, CliResult result, bool warned)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        string[] lines = [.. result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !warned || !l.StartsWith("warning: ", StringComparison.Ordinal))];
        Assert.StartsWith($"error: {PathOf(file)}: ", Assert.Single(lines), StringComparison.Ordinal);
    }

    private static async Task<string> DigestAsync(string file, params string[] options)
    {
        CliResult result = await MeasureAsync(file, options);
        Assert.Equal(0, result.ExitCode);
        return result.Out;
    }

    private static Task<CliResult> MeasureAsync(string file, params string[] options) => Cli.RunAsync(["measure", "igvm", PathOf(file), "--bare", .. options]);

    private static string PathOf(string file) => Vectors.Path(["igvm", .. file.Split('/')]);

    // One placeholder when the vectors are not there, so that the tests run and skip themselves aloud.
    private static TheoryData<string> Names(string list) => Vectors.IsPresent
        ? [.. Manifest.Value[list]!.AsArray().Select(v => v!["file"]!.GetValue<string>())]
        : ["(no vectors)"];

    private static JsonNode Find(string list, string file)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        return Manifest.Value[list]!.AsArray().Single(v => v!["file"]!.GetValue<string>() == file)!;
    }
}
