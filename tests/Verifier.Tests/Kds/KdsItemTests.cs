using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Reports;
using Verifier.Service.Kds;
using Verifier.TestKit;

namespace Verifier.Tests.Kds;

public sealed partial class KdsItemTests
{
    [Fact]
    public void T33_AnyReport_GivesAnAddressOfNumbersOnly()
    {
        Random random = new(57230);
        SimulatedKey[] keys = [VirtualAmd.Milan.Vcek(), VirtualAmd.Genoa.Vcek(), VirtualAmd.Turin.Vcek()];
        int asked = 0;
        for (int i = 0; i < 3000; i++)
        {
            SimulatedKey key = keys[i % keys.Length];
            byte[] report = ReportBuilder.For(key).Sign(key);
            random.NextBytes(report.AsSpan(0x1A0, key.Chip.HardwareId.Length));
            report[0x180] = (byte)random.Next(256);
            report[0x181] = (byte)random.Next(256);
            report[0x187] = (byte)random.Next(256);
            if (AttestationReport.TryParse(report, out AttestationReport? parsed, out _)
                && MissingLeaf.ReasonNotToAsk(parsed, parsed.CpuProduct, out KdsItem? item) is null)
            {
                asked++;
                Assert.Matches(Address(), item!.Path);
            }
        }

        Assert.Equal(3000, asked);
    }

    [Fact]
    public void EveryProductAndKind_HasAddressesOfItsOwn()
    {
        string[] paths =
        [
            .. from product in ProductLines.All
               from kind in new[] { KeyKind.Vcek, KeyKind.Vlek }
               from item in new[] { KdsItem.Chain(kind, product), KdsItem.RevocationList(kind, product) }
               select item.Path,
        ];

        Assert.Equal(12, paths.Distinct().Count());
        Assert.All(paths, path => Assert.Matches(Address(), path));
    }

    [Fact]
    public void SameQuestion_IsEqual_AnyOtherIsNot()
    {
        TcbVersion tcb = SimulatedChip.DefaultTcb(ProductLine.Milan);
        HexBytes chip = new(SimulatedChip.Named(ProductLine.Milan).ChipId);
        KdsItem item = KdsItem.Vcek(ProductLine.Milan, chip, tcb);

        Assert.Equal(item, KdsItem.Vcek(ProductLine.Milan, new HexBytes(chip.Span), tcb));
        Assert.NotEqual(item, KdsItem.Vcek(ProductLine.Genoa, chip, tcb));
        Assert.NotEqual(item, KdsItem.Vcek(ProductLine.Milan, new HexBytes(RandomNumberGenerator.GetBytes(64)), tcb));
        Assert.NotEqual(item, KdsItem.Vcek(ProductLine.Milan, chip, tcb with { Microcode = 1 }));
    }

    [GeneratedRegex(@"^/(vcek/v1/(Milan|Genoa)/[0-9a-f]{128}\?blSPL=\d{1,3}&teeSPL=\d{1,3}&snpSPL=\d{1,3}&ucodeSPL=\d{1,3}|vcek/v1/Turin/[0-9a-f]{16}\?fmcSPL=\d{1,3}&blSPL=\d{1,3}&teeSPL=\d{1,3}&snpSPL=\d{1,3}&ucodeSPL=\d{1,3}|v[cl]ek/v1/(Milan|Genoa|Turin)/(cert_chain|crl))\z")]
    private static partial Regex Address();
}
