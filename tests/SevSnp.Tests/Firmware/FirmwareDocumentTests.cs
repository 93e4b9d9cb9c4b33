using SevSnp.Firmware;
using Verifier.TestKit;

namespace SevSnp.Tests.Firmware;

/// <summary>docs/firmware.md lists every fault with its rule.</summary>
public sealed class FirmwareDocumentTests
{
    [Fact]
    public void Faults_AreThoseOfTheTable()
    {
        string[] rows = [.. File.ReadAllLines(RepositoryRoot.Combine("docs", "firmware.md")).SkipWhile(l => l != "| Fault | Rule |").Skip(2)];

        Assert.Equal(FirmwareFaults.All.Select(id => $"| `{id.WireName()}` | {FirmwareFaults.RuleOf(id)} |"), rows);
    }
}
