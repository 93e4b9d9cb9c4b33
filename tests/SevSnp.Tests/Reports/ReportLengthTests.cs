using SevSnp.Checks;
using SevSnp.Reports;

namespace SevSnp.Tests.Reports;

public sealed class ReportLengthTests
{
    [Fact]
    public void T01_EveryLengthButTheExactOne_IsRefused()
    {
        byte[] padded = new byte[2401];
        ReportAssert.Good().Sign().CopyTo(padded, 0);
        for (int length = 0; length <= 2400; length++)
        {
            if (length == AttestationReport.Size)
            {
                ReportAssert.Parses(padded[..length]);
            }
            else
            {
                ReportAssert.IsRefused(padded[..length], CheckId.ReportLengthIsExact, -1);
            }
        }
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void T01_PaddedToPages_IsRefused(int length)
    {
        byte[] padded = new byte[length];
        ReportAssert.Good().Sign().CopyTo(padded, 0);
        ReportAssert.IsRefused(padded, CheckId.ReportLengthIsExact, -1);
    }
}
