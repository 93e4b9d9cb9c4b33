using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Reports;

public sealed class ReservedBytesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void T04_EveryReservedByte_IsRefusedByOffset(uint version)
    {
        ReportBuilder good = ReportAssert.Good(version);
        ReportAssert.Parses(good.Sign());
        foreach (int offset in Reserved(version).Where(o => o < ReportBuilder.SignedSize))
        {
            ReportAssert.IsRefused(good.Patch(offset, 0x01).Sign(), CheckId.ReservedBytesAreZero, offset);
            ReportAssert.IsRefused(good.Patch(offset, 0x80).Sign(), CheckId.ReservedBytesAreZero, offset);
        }
    }

    [Fact]
    public void T04_EveryByteBehindTheSignature_IsRefusedAlthoughTheSignatureHolds()
    {
        byte[] report = ReportAssert.Good().Sign();
        for (int offset = 0x330; offset < ReportBuilder.Size; offset++)
        {
            report[offset] = 0xFF;
            ReportAssert.IsRefused(report, CheckId.ReservedBytesAreZero, offset);
            report[offset] = 0;
        }

        ReportAssert.Parses(report);
    }

    [Theory]
    [InlineData(0x2D0)]
    [InlineData(0x318)]
    public void T08_EveryTopByteOfRAndS_IsRefusedAlthoughTheSignatureHolds(int start)
    {
        byte[] report = ReportAssert.Good().Sign();
        for (int offset = start; offset < start + 24; offset++)
        {
            report[offset] = 0x01;
            ReportAssert.IsRefused(report, CheckId.SignatureIsWellFormed, offset);
            report[offset] = 0;
        }

        ReportAssert.Parses(report);
    }

    [Theory]
    [InlineData(ProductLine.Milan, new[] { 2, 3, 4, 5 })]
    [InlineData(ProductLine.Genoa, new[] { 2, 3, 4, 5 })]
    [InlineData(ProductLine.Turin, new[] { 4, 5, 6 })]
    public void ReservedBytesOfAllFourTcbs_AreRefusedByOffset(ProductLine product, int[] reserved)
    {
        ReportBuilder good = ReportAssert.Good(5, product);
        foreach (int tcb in (int[])[0x038, 0x180, 0x1E0, 0x1F0])
        {
            foreach (int index in Enumerable.Range(0, 8))
            {
                byte[] report = good.Patch(tcb + index, 0x01).Sign(product);
                if (reserved.Contains(index))
                {
                    ReportAssert.IsRefused(report, CheckId.TcbReservedBytesAreZero, tcb + index);
                }
                else
                {
                    ReportAssert.Parses(report);
                }
            }
        }
    }

    [Fact]
    public void T22_TurinTcbUnderALegacyCpu_IsRefused()
    {
        ReportBuilder mixed = ReportAssert.Good() with { CurrentTcb = SimulatedChip.DefaultTcb(ProductLine.Turin) };
        ReportAssert.IsRefused(mixed.Sign(), CheckId.TcbReservedBytesAreZero, 0x038 + 2, "CURRENT_TCB");
    }

    [Fact]
    public void T22_LegacyTcbUnderATurinCpu_IsRefused()
    {
        ReportBuilder mixed = ReportAssert.Good(5, ProductLine.Turin) with { LaunchTcb = SimulatedChip.DefaultTcb(ProductLine.Milan) };
        ReportAssert.IsRefused(mixed.Sign(ProductLine.Turin), CheckId.TcbReservedBytesAreZero, 0x1F0 + 6, "LAUNCH_TCB");
    }

    // From the table of AMD 56860, written down here apart from the library's.
    private static IEnumerable<int> Reserved(uint version) =>
    [
        .. Enumerable.Range(0x04C, 4),
        .. version == 2 ? Enumerable.Range(0x188, 24) : Enumerable.Range(0x18B, 21),
        0x1EB,
        0x1EF,
        .. version == 5 ? Enumerable.Range(0x208, 152) : Enumerable.Range(0x1F8, 168),
    ];
}
