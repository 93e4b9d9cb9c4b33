using System.Text.Json;
using SevSnp.Launch;
using Verifier.TestKit;

namespace Verifier.Client.Tests.Offline;

/// <summary>Each option that loosens or tightens the offline policy: without it one outcome, with it the other.</summary>
public sealed class OfflinePolicyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task MigrationAgent_NeedsItsOption() =>
        await AssertLoosened(Scenario.Vcek().WithReport(r => r with { Policy = r.Policy | (ulong)GuestPolicyBits.MigrateMa }), "MIGRATION_IS_OFF", "--unsafe-allow-migration");

    [Fact]
    public async Task MaskedChipId_NeedsItsOption() =>
        await AssertLoosened(Scenario.Vcek().WithReport(r => r with { ChipId = new byte[64] }), "CHIP_ID_IS_NOT_MASKED", "--unsafe-allow-masked-chip-id");

    [Fact]
    public async Task Debugging_NeedsItsOption() =>
        await AssertLoosened(Scenario.Vcek().WithReport(r => r with { Policy = r.Policy | (ulong)GuestPolicyBits.Debug }), "DEBUG_IS_OFF", "--unsafe-allow-debug");

    [Fact]
    public async Task CloudProvider_MustBeNamedExactly()
    {
        await AssertLoosened(Scenario.Vlek(), "CSP_ID_IS_ALLOWED", "--csp", VirtualAmd.DefaultCsp);

        Assert.Equal((4, "CSP_ID_IS_ALLOWED"), await VerifyAsync(Scenario.Vlek(), "--csp", VirtualAmd.DefaultCsp.ToUpperInvariant()));
    }

    [Fact]
    public async Task Vmpl_IsReplacedByWhatIsNamed()
    {
        Scenario guest = Scenario.Vcek().WithReport(r => r with { Vmpl = 2 });
        await AssertLoosened(guest, "VMPL_IS_ALLOWED", "--vmpl", "2");

        Assert.Equal((4, "VMPL_IS_ALLOWED"), await VerifyAsync(Scenario.Vcek(), "--vmpl", "2"));
    }

    [Fact]
    public async Task MinReportVersion_IsReplacedByWhatIsNamed()
    {
        await AssertLoosened(Scenario.Vcek(version: 2), "REPORT_VERSION_IS_ALLOWED", "--min-report-version", "2");

        Assert.Equal((4, "REPORT_VERSION_IS_ALLOWED"), await VerifyAsync(Scenario.Vcek(version: 3), "--min-report-version", "5"));
    }

    [Fact]
    public async Task CertificateTable_IsEnough()
    {
        Scenario guest = Scenario.Vcek();
        string table = Write("table.bin", guest.Table.Build());

        Assert.Equal((0, ""), await RunAsync(guest, "--certs", table));
    }

    [Fact]
    public async Task ExtraRootThatDidNotSignItself_IsExitOne()
    {
        VirtualAmd other = VirtualAmd.Milan.WithArk(recipe => recipe with { Sign = VirtualAmd.Genoa.Ark.Sign });
        Assert.Equal(1, await ExtraRootAsync(other.Ark.Certificate));
    }

    [Fact]
    public async Task ExtraRootOfAmdItself_IsExitOne()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        string chain = await File.ReadAllTextAsync(Vectors.Path("snp", "ca", "milan-vcek-cert_chain.pem"), TestContext.Current.CancellationToken);
        Assert.Equal(1, await ExtraRootAsync(System.Text.Encoding.ASCII.GetBytes(chain)));
    }

    private async Task<int> ExtraRootAsync(byte[] root) => (await Cli.RunAsync(
        "verify", "--offline", "--report", Samples.Path("report.bin"), "--unsafe-skip-report-data", "--any-measurement-unsafe",
        "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"), "--unsafe-extra-root", Write("root", root))).ExitCode;

    // Accepted only with the option; without it refused by exactly one check.
    private async Task AssertLoosened(Scenario guest, string check, params string[] option)
    {
        Assert.Equal((4, check), await VerifyAsync(guest));
        Assert.Equal((0, ""), await VerifyAsync(guest, option));
    }

    private Task<(int ExitCode, string Failed)> VerifyAsync(Scenario guest, params string[] options) => RunAsync(
        guest, [guest.Leaf.Kind == KeyKind.Vlek ? "--vlek" : "--vcek", Write("leaf.der", guest.Leaf.Certificate), "--chain", Write("chain.pem", [.. System.Text.Encoding.ASCII.GetBytes(guest.Amd.ChainPem(guest.Leaf.Kind))]), .. options]);

    private async Task<(int ExitCode, string Failed)> RunAsync(Scenario guest, params string[] options)
    {
        CliResult result = await Cli.RunAsync(
        [
            "verify", "--offline", "--report", Write("report.bin", guest.SignReport()), "--unsafe-extra-root", Write("root.der", guest.Root), "--format", "json",
            "--measurement", Convert.ToHexString(guest.Report.Measurement), "--report-data", Convert.ToHexString(guest.Report.ReportData), .. options,
        ]);
        IEnumerable<JsonElement> failed = result.Json.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("status").GetString() == "failed");
        return (result.ExitCode, string.Join(",", failed.Select(c => c.GetProperty("id").GetString())));
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
