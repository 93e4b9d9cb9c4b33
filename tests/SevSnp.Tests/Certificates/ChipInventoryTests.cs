using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public sealed class ChipInventoryTests
{
    private static readonly string MilanId = new('a', 128);

    [Fact]
    public void EveryProduct_IsReadAndWrittenAlike()
    {
        foreach (ProductLine product in ProductLines.All)
        {
            SimulatedChip chip = SimulatedChip.Named(product);
            InventoryChip line = new(product, new SevSnp.Primitives.HexBytes(chip.ChipId), SimulatedChip.DefaultTcb(product));

            InventoryChip read = Assert.Single(ChipInventory.Parse($"# a comment\r\n\r\n  {line.ToLine()}  \r\n{line.ToLine()}\n", out IReadOnlyList<string> faults));

            Assert.Empty(faults);
            Assert.Equal(line, read);
        }
    }

    [Theory]
    [InlineData("", "must be product")]
    [InlineData("milan,ID,blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the product")]
    [InlineData("Unknown,ID,blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the product")]
    [InlineData("Milan,ID0,blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the chip id")]
    [InlineData("Milan,ZERO,blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "a chip id of zeros")]
    [InlineData("Turin,ID,fmcSPL=1&blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the chip id")]
    [InlineData("Milan,ID,blSPL=256&teeSPL=0&snpSPL=8&ucodeSPL=1", "the TCB")]
    [InlineData("Milan,ID,blSPL=+1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the TCB")]
    [InlineData("Milan,ID,teeSPL=0&blSPL=1&snpSPL=8&ucodeSPL=1", "the TCB")]
    [InlineData("Milan,ID,fmcSPL=1&blSPL=1&teeSPL=0&snpSPL=8&ucodeSPL=1", "the TCB")]
    public void WrongLine_IsNamedByItsNumber(string line, string fault)
    {
        string text = "# first\n" + (line.Length == 0 ? "Milan" : line).Replace("ID", MilanId, StringComparison.Ordinal).Replace("ZERO", new string('0', 128), StringComparison.Ordinal);

        Assert.Empty(ChipInventory.Parse(text, out IReadOnlyList<string> faults));

        Assert.StartsWith($"line 2: {fault}", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void ManyFaults_AreNotToldWithoutEnd()
    {
        ChipInventory.Parse(string.Concat(Enumerable.Repeat("no\n", 1000)), out IReadOnlyList<string> faults);
        Assert.Equal(20, faults.Count);
    }
}
