using System.Text.Json;
using SevSnp.Launch;
using Verifier.TestKit;

namespace Verifier.Client.Tests.Policies;

/// <summary><c>verify --offline --policy FILE</c>: the policy decides, and options can only tighten it.</summary>
public sealed class OfflinePolicyFileTests : IDisposable
{
    private const string Least = "name: trial\nv: 1\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("vmpls: [2]", "VMPL_IS_ALLOWED")]
    [InlineData("signing_keys: [vlek]", "SIGNING_KEY_IS_ALLOWED")]
    [InlineData("products: [genoa]", "PRODUCT_AND_CHIP_ARE_ALLOWED")]
    [InlineData("guest_policy: {forbidden: [smt]}", "GUEST_POLICY_IS_ALLOWED")]
    [InlineData("platform_info: {required: [tsme_enabled]}", "PLATFORM_INFO_IS_ALLOWED")]
    [InlineData("tcb_floors: [{product: milan, reported: {snp: 25}}]", "REPORTED_TCB_MEETS_FLOOR")]
    [InlineData("tcb_floors: [{product: milan, committed: {snp: 25}}]", "COMMITTED_TCB_MEETS_FLOOR")]
    [InlineData("min_firmware: 1.59.0", "FIRMWARE_VERSION_MEETS_MINIMUM")]
    [InlineData("min_current_firmware: 1.58.1", "FIRMWARE_VERSION_MEETS_MINIMUM")]
    [InlineData("required_mitigations: 0x10", "MITIGATIONS_ARE_ACTIVE")]
    [InlineData("revocation: required", "CERTIFICATES_ARE_NOT_REVOKED")]
    [InlineData("required_advisories: [AMD-SB-3020]", "REQUIRED_ADVISORIES_ARE_MET")]
    public async Task OneDemandMore_RefusesByItsCheck(string member, string check)
    {
        Assert.Equal((0, ""), await VerifyAsync(Scenario.Vcek(), Least));
        Assert.Equal((4, check), await VerifyAsync(Scenario.Vcek(), Least + member));
    }

    [Fact]
    public async Task Loosening_IsInThePolicyAlone()
    {
        Scenario debug = Scenario.Vcek().WithReport(r => r with { Policy = r.Policy | (ulong)GuestPolicyBits.Debug });
        Assert.Equal((4, "DEBUG_IS_OFF"), await VerifyAsync(debug, Least));
        Assert.Equal((0, ""), await VerifyAsync(debug, Least + "unsafe_allow_debug: true"));
        foreach (string option in (string[])["--unsafe-allow-debug", "--unsafe-allow-migration", "--unsafe-allow-masked-chip-id", "--require-crl"])
        {
            CliResult result = await RunAsync(debug, Least, option);
            Assert.Equal((1, $"error: {option} has no meaning with --policy: the policy itself says it"), (result.ExitCode, result.Error.Split('\n')[0]));
        }
    }

    [Fact]
    public async Task Options_OnlyTightenAndOnlyWhereThePolicyAdmitsThem()
    {
        Scenario guest = Scenario.Vcek().WithReport(r => r with { Vmpl = 1 });
        Assert.Equal((4, "VMPL_IS_ALLOWED"), await VerifyAsync(guest, Least, "--vmpl", "1"));
        Assert.Equal((0, ""), await VerifyAsync(guest, Least + "vmpls: [0, 1]", "--vmpl", "1"));
        Assert.Equal((4, "VMPL_IS_ALLOWED"), await VerifyAsync(guest, Least + "vmpls: [0, 1]", "--vmpl", "0"));
        CliResult refused = await RunAsync(guest, Least + "vmpls: [0, 1]\nrequests_may_state: [host_data]", "--vmpl", "1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("the policy does not admit that a request states vmpls", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verdict_NamesThePolicyAndEveryBulletin()
    {
        CliResult result = await RunAsync(Scenario.Vcek(), Least + "vmpls: [0]");
        Assert.Equal("trial", result.Json.GetProperty("policy").GetString());
        Assert.Equal(SevSnp.Policies.AppraisalPolicy.Default.Identity.Sha256.ToString(), result.Json.GetProperty("policy_sha256").GetString());
        Assert.False(result.Json.TryGetProperty("policy_version", out _));
        Dictionary<string, string> advisories = result.Json.GetProperty("advisories").EnumerateArray()
            .ToDictionary(a => a.GetProperty("id").GetString()!, a => a.GetProperty("status").GetString()!);
        Assert.Equal(SevSnp.Advisories.AdvisoryList.BuiltIn.All.Select(a => a.Id), advisories.Keys);
        Assert.Equal(("up_to_date", "unknown"), (advisories["AMD-SB-3019"], advisories["AMD-SB-3020"]));
    }

    [Fact]
    public async Task Policy_NeedsOffline() =>
        Assert.Equal(1, (await Cli.RunAsync("verify", "--report", Samples.Path("report.bin"), "--unsafe-skip-report-data", "--policy", "p.yaml")).ExitCode);

    private async Task<(int ExitCode, string Failed)> VerifyAsync(Scenario guest, string policy, params string[] options)
    {
        CliResult result = await RunAsync(guest, policy, options);
        IEnumerable<JsonElement> failed = result.Json.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("status").GetString() == "failed");
        return (result.ExitCode, string.Join(",", failed.Select(c => c.GetProperty("id").GetString())));
    }

    private Task<CliResult> RunAsync(Scenario guest, string policy, params string[] options) => Cli.RunAsync(
    [
        "verify", "--offline", "--policy", Write("policy.yaml", System.Text.Encoding.UTF8.GetBytes(policy)),
        "--report", Write("report.bin", guest.SignReport()), "--unsafe-extra-root", Write("root.der", guest.Root), "--format", "json",
        "--vcek", Write("leaf.der", guest.Leaf.Certificate), "--chain", Write("chain.pem", System.Text.Encoding.ASCII.GetBytes(guest.Amd.ChainPem(guest.Leaf.Kind))),
        "--measurement", Convert.ToHexString(guest.Report.Measurement), "--report-data", Convert.ToHexString(guest.Report.ReportData), .. options,
    ]);

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
