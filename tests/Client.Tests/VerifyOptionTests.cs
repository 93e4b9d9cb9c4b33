using System.CommandLine.Help;
using Verifier.Client.Tests.Online;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests;

/// <summary>Each option of <c>verify</c> changes what is judged or shown, or is refused, offline as through a service: no demand is dropped in silence.</summary>
public sealed class VerifyOptionTests
{
    private static readonly string Ones64 = new('1', 128);

    // What each option is tried with offline, in place of what the run has without it; null: the run has it, and is tried without it.
    private static readonly Dictionary<string, string[]?> Offline = new()
    {
        ["--report"] = [Samples.Path("report-debug.bin")],
        ["--vcek"] = [Samples.Path("crl.der")],
        ["--vlek"] = [Samples.Path("crl.der")],
        ["--chain"] = [Samples.Path("sample.json")],
        ["--certs"] = [Samples.Path("sample.json")],
        ["--crl"] = [Samples.Path("crl.der")],
        ["--report-data"] = [Ones64],
        ["--nonce"] = [Ones64],
        ["--svsm-manifest"] = [Samples.Path("sample.json"), "--nonce", Ones64],
        ["--unsafe-skip-report-data"] = null,
        ["--vmpl"] = ["1"],
        ["--min-report-version"] = ["5"],
        ["--host-data"] = [new string('1', 64)],
        ["--policy"] = [PolicyFile],
        ["--at"] = ["2026-11-25"],
        ["--measurement"] = [new string('1', 96)],
        ["--any-measurement-unsafe"] = null,
        ["--csp"] = ["some provider"],
        ["--require-crl"] = [],
        ["--unsafe-allow-debug"] = [],
        ["--unsafe-allow-migration"] = [],
        ["--unsafe-allow-masked-chip-id"] = [],
        ["--unsafe-extra-root"] = null,
        ["--format"] = ["text"],
    };

    private static readonly Dictionary<string, string[]> Online = new()
    {
        ["--report"] = [Samples.Path("report-debug.bin")],
        ["--vcek"] = [Samples.Path("vcek.der")],
        ["--vlek"] = [Samples.Path("vcek.der")],
        ["--chain"] = [Samples.Path("chain.pem")],
        ["--certs"] = [Samples.Path("chain.pem")],
        ["--crl"] = [Samples.Path("crl.der")],
        ["--report-data"] = [Ones64],
        ["--nonce"] = [Ones64],
        ["--svsm-manifest"] = [Samples.Path("sample.json"), "--nonce", Ones64],
        ["--challenge"] = [ChallengeFile],
        ["--vmpl"] = ["1"],
        ["--min-report-version"] = ["5"],
        ["--host-data"] = [new string('1', 64)],
        ["--tenant"] = ["blue"],
        ["--image"] = ["coconut-svsm"],
        ["--kind"] = ["igvm"],
    };

    private static string ChallengeFile
    {
        get
        {
            string path = Path.Combine(Path.GetTempPath(), $"verifierctl-challenge-{Environment.ProcessId}.bin");
            File.WriteAllBytes(path, new byte[64]);
            return path;
        }
    }

    private static string PolicyFile
    {
        get
        {
            string path = Path.Combine(Path.GetTempPath(), $"verifierctl-policy-{Environment.ProcessId}.yaml");
            File.WriteAllText(path, "name: strict\nv: 1\nvmpls: [1]\n");
            return path;
        }
    }

    // Of the transport, the output, the log and the signed result: they state nothing about the guest, and tests of their own show what they do.
    private static readonly string[] Others =
    [
        "--server", "--ca", "--timeout", "--unsafe-plaintext", "--offline", "--format", "--unsafe-skip-report-data", "--token-file", "--token-env",
        "--client-cert", "--client-key", "--require-proof", "--log-key", "--state", "--forget-head",
        "--audience", "--issuer", "--jwks", "--ear-profile", "--token-out",
    ];

    // Only a guest with a VLEK shows it: see OfflinePolicyTests.
    private const string OfVleks = "--csp";

    public static TheoryData<string> Names =>
    [
        .. CommandLine.Build(new CliContext(TextWriter.Null, TextWriter.Null, UseColor: false, TimeProvider.System))
            .Subcommands.Single(c => c.Name == "verify").Options.Where(o => o is not HelpOption && o.Name != "--offline").Select(o => o.Name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Offline_AnOptionHasAnEffectOrIsRefused(string name)
    {
        if (!Offline.TryGetValue(name, out string[]? value))
        {
            CliResult refused = await RunOffline(name, Online.GetValueOrDefault(name, name == "--unsafe-plaintext" ? [] : name == "--timeout" ? ["5"] : ["https://127.0.0.1:1"]));
            Assert.Equal((1, ""), (refused.ExitCode, refused.Out));
            Assert.Contains($"error: {name} has no meaning with --offline", refused.Error, StringComparison.Ordinal);
            return;
        }

        CliResult plain = await RunOffline();
        CliResult with = await RunOffline(name, value);

        Assert.Equal(0, plain.ExitCode);
        Assert.NotEqual(1, with.ExitCode);
        Assert.Equal(name != OfVleks, WithoutHash(plain) != WithoutHash(with));
    }

    // The policy's hash follows every option that is part of it; what is asked here is whether anything comes of it.
    private static string WithoutHash(CliResult result) =>
        string.Join('\n', result.Out.Split('\n').Where(line => !line.Contains("\"policy_sha256\"", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Online_AnOptionIsSentOrIsRefused(string name)
    {
        if (Others.Contains(name))
        {
            return;
        }

        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = Verdicts.Accepted;
        if (!Online.TryGetValue(name, out string[]? value))
        {
            CliResult refused = await service.RunAsync(OnlineArguments(name, Offline[name] ?? (name == "--unsafe-extra-root" ? [Samples.Path("root.pem")] : [])));
            Assert.Equal((1, ""), (refused.ExitCode, refused.Out));
            Assert.Contains($"error: {name} has a meaning only with --offline", refused.Error, StringComparison.Ordinal);
            Assert.Empty(service.Answers.Asked);
            return;
        }

        Assert.Equal(0, (await service.RunAsync(OnlineArguments())).ExitCode);
        Assert.Equal(0, (await service.RunAsync(OnlineArguments(name, value))).ExitCode);
        V1.VerifyRequest[] requests = [.. service.Answers.Asked.Select(a => Assert.IsType<V1.VerifyRequest>(a.Request))];
        Assert.NotEqual(requests[0], requests[1]);
    }

    private static Task<CliResult> RunOffline(string? name = null, string[]? value = null)
    {
        Dictionary<string, string[]> options = new()
        {
            ["--offline"] = [],
            ["--report"] = [Samples.Path("report.bin")],
            ["--vcek"] = [Samples.Path("vcek.der")],
            ["--chain"] = [Samples.Path("chain.pem")],
            ["--unsafe-extra-root"] = [Samples.Path("root.pem")],
            ["--any-measurement-unsafe"] = [],
            ["--unsafe-skip-report-data"] = [],
            ["--format"] = ["json"],
        };
        return Cli.RunAsync(["verify", .. Arguments(options, name, value)]);
    }

    private static string[] OnlineArguments(string? name = null, string[]? value = null) =>
        ["verify", .. Arguments(new() { ["--report"] = [Samples.Path("report.bin")], ["--unsafe-skip-report-data"] = [] }, name, value)];

    private static IEnumerable<string> Arguments(Dictionary<string, string[]> options, string? name, string[]? value)
    {
        if (name is not null && value is null)
        {
            options.Remove(name);
        }
        else if (name is not null)
        {
            options[name] = value!;
        }

        // Of two that exclude each other, the one that is tried stays.
        if (name is "--report-data" or "--nonce" or "--challenge" or "--svsm-manifest")
        {
            options.Remove("--unsafe-skip-report-data");
        }
        else if (name is "--measurement" or "--policy")
        {
            options.Remove("--any-measurement-unsafe");
        }

        return options.SelectMany(o => (string[])[o.Key, .. o.Value]);
    }
}
