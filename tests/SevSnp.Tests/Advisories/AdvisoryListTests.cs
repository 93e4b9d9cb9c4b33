using System.Text;
using SevSnp.Advisories;
using SevSnp.Policies.Documents;

namespace SevSnp.Tests.Advisories;

public sealed class AdvisoryListTests
{
    private const string Good = """
        {"v":1,"date":"2026-01-02","advisories":[
        {"id":"AMD-SB-1","name":"One","title":"a title","cves":["CVE-1"],"active":true,
        "requirements":[{"product":"milan","cpu":"19/01/1","tcb":{"snp":3},"platform_info":["ecc_enabled"],"mitigations":"0x1"}],
        "sources":["somewhere"],"date":"2026-01-02","note":"a note"},
        {"id":"AMD-SB-2","title":"another","cves":[],"active":false,"requirements":[],"sources":["somewhere"],"date":"2026-01-02","note":"not known"}]}
        """;

    [Fact]
    public void BuiltIn_JudgesOnlyWhatIsConfirmed()
    {
        AdvisoryList list = AdvisoryList.BuiltIn;
        Assert.Equal(["AMD-SB-3015", "AMD-SB-3019"], list.All.Where(a => a.IsActive).Select(a => a.Id));
        Assert.All(list.All, a => Assert.True(a.Sources.Count > 0 && a.Note.Length > 0 && a.Date <= list.Date, a.Id));
        Assert.All(list.All.Where(a => !a.IsActive), a => Assert.Empty(a.Requirements));
        Assert.Equal("RMPocalypse", list.Find("AMD-SB-3020")?.Name);
        Assert.Null(list.Find("amd-sb-3020"));
    }

    [Fact]
    public void GoodFile_IsRead() => Assert.Equal(["AMD-SB-1", "AMD-SB-2"], Read(Good).All.Select(a => a.Id));

    [Theory]
    [InlineData("\"v\":1", "\"v\":2", "v: must be a whole number from 1 to 1")]
    [InlineData("\"v\":1,", "", "must state v")]
    [InlineData("\"id\":\"AMD-SB-2\"", "\"id\":\"AMD-SB-1\"", "advisories[1]: must stand behind all smaller ids, each id once")]
    [InlineData("\"id\":\"AMD-SB-2\"", "\"id\":\"AMD-SB-0\"", "advisories[1]: must stand behind all smaller ids, each id once")]
    [InlineData("\"active\":true", "\"active\":false", "advisories[0].requirements: must be empty until the entry is active: what is not confirmed is not judged")]
    [InlineData("\"active\":false", "\"active\":true", "advisories[1].requirements: must not be empty where the entry is active")]
    [InlineData("\"sources\":[\"somewhere\"]", "\"sources\":[]", "advisories[0].sources: must not be empty; leave it out where nothing is demanded")]
    [InlineData("\"sources\":[\"somewhere\"],", "", "advisories[0]: must state sources")]
    [InlineData("\"2026-01-02\",\"note\"", "\"2.1.2026\",\"note\"", "advisories[0].date: must be a date such as 2026-11-26")]
    [InlineData("\"cpu\":\"19/01/1\"", "\"cpu\":\"19/11/1\"", "advisories[0].requirements[0].cpu: is no CPU of Milan")]
    [InlineData("\"tcb\":{\"snp\":3}", "\"tcb\":{\"fmc\":3}", "advisories[0].requirements[0].tcb.fmc: there is no such member")]
    [InlineData("\"tcb\":{\"snp\":3},\"platform_info\":[\"ecc_enabled\"],\"mitigations\":\"0x1\"", "\"mitigations\":\"0x0\"", "advisories[0].requirements[0]: must ask for something: tcb, platform_info or mitigations")]
    [InlineData("\"note\":\"a note\"", "\"note\":\"a note\",\"severity\":9", "advisories[0].severity: there is no such member")]
    public void OneChange_IsRefusedWithItsPlaceAndRule(string there, string instead, string expected)
    {
        int at = Good.IndexOf(there, StringComparison.Ordinal);
        string changed = Good[..at] + instead + Good[(at + there.Length)..];
        Assert.False(AdvisoryList.TryRead(Encoding.UTF8.GetBytes(changed), out _, out IReadOnlyList<PolicyFault> faults));
        Assert.Contains(expected, faults.Select(f => f.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"v\":1,\"v\":1}")]
    public void AnythingElse_IsRefused(string text) => Assert.False(AdvisoryList.TryRead(Encoding.UTF8.GetBytes(text), out _, out _));

    internal static AdvisoryList Read(string json) =>
        AdvisoryList.TryRead(Encoding.UTF8.GetBytes(json), out AdvisoryList? list, out IReadOnlyList<PolicyFault> faults)
            ? list
            : throw new InvalidOperationException(string.Join("; ", faults));
}
