using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>The real reports through <c>verify --offline --format json</c>: a table of what must come out, and with which checks failed.</summary>
public sealed class RealVectorTests
{
    private static readonly string[] RegistryAndBinding = ["MEASUREMENT_IS_REGISTERED", "REPORT_DATA_MATCHES_BINDING"];
    private static readonly string[] Signature = ["REPORT_SIGNATURE_IS_VALID"];

    // By vector: what fails under the default policy beyond what was asked for, and what fails whatever is allowed.
    private static readonly Dictionary<string, (string[] ByDefault, string[] Always)> Table = new()
    {
        ["milan-v2-a"] = (["REPORT_VERSION_IS_ALLOWED", "DEBUG_IS_OFF"], []),
        ["milan-v2-b"] = (["REPORT_VERSION_IS_ALLOWED"], []),
        ["milan-v3-idblock"] = ([], []),
        ["milan-v3-reported-below"] = ([], []),
        ["milan-v5-vlek"] = (["VMPL_IS_ALLOWED", "CSP_ID_IS_ALLOWED"], []),
        ["genoa-v3-idblock"] = ([], []),
        ["genoa-v3-certtable"] = ([], []),
        ["genoa-v5-zen4c"] = ([], []),
        ["genoa-v5-zen4c/report2.bin"] = ([], []),
        ["turin-v5-idblock"] = ([], []),
        ["neg-vlek-other-key"] = ([], Signature),
        ["neg-azure-hcl-other-chip"] = ([], [.. Signature, "CHIP_ID_MATCHES_CERTIFICATE"]),
    };

    public static TheoryData<string> Names => [.. Vectors.SnpReportNames];

    [Fact]
    public void Table_NamesEveryVector()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);

        Assert.Equal(Vectors.SnpReportNames.Order(), Table.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task NothingStated_IsRefused(string name)
    {
        SnpVector vector = Vector(name);
        CliResult result = await VerifyAsync(vector);

        string[] failed = Table[name].Always is { Length: > 0 } always ? always : [.. RegistryAndBinding, .. Table[name].ByDefault];
        AssertOutcome(result, Table[name].Always.Length > 0 ? 3 : 4, failed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task DefaultPolicy_JudgesByWhatWasAskedFor(string name)
    {
        SnpVector vector = Vector(name);
        CliResult result = await VerifyAsync(vector, "--measurement", vector.Report!.Measurement, "--report-data", vector.Report.ReportData);

        (string[] byDefault, string[] always) = Table[name];
        AssertOutcome(result, always.Length > 0 ? 3 : byDefault.Length > 0 ? 4 : 0, always.Length > 0 ? always : byDefault);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task PermissivePolicy_AcceptsWhatIsAuthentic(string name)
    {
        SnpVector vector = Vector(name);
        CliResult result = await VerifyAsync(
            vector,
            "--any-measurement-unsafe", "--unsafe-skip-report-data", "--min-report-version", "2", "--unsafe-allow-debug",
            "--vmpl", "0", "--vmpl", "1", "--vmpl", "2", "--vmpl", "3", "--csp", "CN=cc-us-east-2.amazonaws.com");

        AssertOutcome(result, Table[name].Always.Length > 0 ? 3 : 0, Table[name].Always);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OneWrongByteOfMeasurement_IsRefused(string name)
    {
        SnpVector vector = Vector(name);
        string other = (vector.Report!.Measurement[0] == '0' ? '1' : '0') + vector.Report.Measurement[1..];
        CliResult result = await VerifyAsync(
            vector,
            "--measurement", other, "--unsafe-skip-report-data", "--min-report-version", "2", "--unsafe-allow-debug",
            "--vmpl", "0", "--vmpl", "1", "--csp", "CN=cc-us-east-2.amazonaws.com");

        string[] failed = Table[name].Always is { Length: > 0 } always ? always : ["MEASUREMENT_IS_REGISTERED"];
        AssertOutcome(result, Table[name].Always.Length > 0 ? 3 : 4, failed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task WithoutIntermediate_IsUsageWithHint(string name)
    {
        SnpVector vector = Vector(name);
        CliResult result = await Cli.RunAsync("verify", "--offline", "--report", vector.ReportPath, vector.IsVlek ? "--vlek" : "--vcek", vector.LeafPath, "--format", "json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"intermediate certificate ({(vector.IsVlek ? "ASVK" : "ASK")} of {vector.ProductLine})", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IssuerOfTheOtherKeyKind_IsNotAuthentic(string name)
    {
        SnpVector vector = Vector(name);
        string chain = Vectors.Path("snp", "ca", $"{vector.ProductLine.ToLowerInvariant()}-{(vector.IsVlek ? "vcek" : "vlek")}-cert_chain.pem");
        CliResult result = await Cli.RunAsync(
            "verify", "--offline", "--report", vector.ReportPath, vector.IsVlek ? "--vlek" : "--vcek", vector.LeafPath, "--chain", chain, "--at", Time(vector),
            "--any-measurement-unsafe", "--unsafe-skip-report-data", "--format", "json");

        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public async Task CertificateTable_IsEnough()
    {
        SnpVector vector = Vector("genoa-v3-certtable");
        CliResult result = await Cli.RunAsync(
            "verify", "--offline", "--report", vector.ReportPath, "--certs", Vectors.Path("snp", vector.Vector, "certtable.bin"), "--at", Time(vector),
            "--measurement", vector.Report!.Measurement, "--report-data", vector.Report.ReportData, "--format", "json");

        AssertOutcome(result, 0, []);
    }

    [Fact]
    public async Task CertificateWithoutReport_HoldsUpToAmdsRoot()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName("turin-vcek-only");
        CliResult result = await Cli.RunAsync("inspect", "cert", vector.LeafPath, "--chain", vector.ChainPath, "--at", Time(vector), "--format", "json");

        Assert.Equal(0, result.ExitCode);
        JsonElement leaf = result.Json.GetProperty("certificates")[0];
        Assert.Equal(vector.Leaf.Hwid, leaf.GetProperty("hardware_id").GetString());
        Assert.Equal(vector.Leaf.Sha256, leaf.GetProperty("sha256").GetString());
        Assert.True(result.Json.GetProperty("chain").GetProperty("holds").GetBoolean());
    }

    private static SnpVector Vector(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        return Vectors.SnpByName(name);
    }

    private static string Time(SnpVector vector) => vector.VerificationTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    private static Task<CliResult> VerifyAsync(SnpVector vector, params string[] options) => Cli.RunAsync(
        ["verify", "--offline", "--report", vector.ReportPath, vector.IsVlek ? "--vlek" : "--vcek", vector.LeafPath, "--chain", vector.ChainPath,
            "--at", Time(vector), "--format", "json", .. options]);

    private static void AssertOutcome(CliResult result, int exitCode, string[] failed)
    {
        JsonElement json = result.Json;
        string[] actual = [.. json.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("status").GetString() == "failed").Select(c => c.GetProperty("id").GetString()!)];
        Assert.Equal(failed.Order(), actual.Order());
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 0 ? "accepted" : "rejected", json.GetProperty("outcome").GetString());
        Assert.Equal(exitCode == 3, json.TryGetProperty("unverified_report", out _));
        Assert.Equal(exitCode != 3, json.TryGetProperty("report", out _));
        Assert.Equal(48, json.GetProperty("checks").GetArrayLength());
    }
}
