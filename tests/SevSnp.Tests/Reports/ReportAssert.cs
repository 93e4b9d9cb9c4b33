using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Reports;

/// <summary>Reports that are rightly signed by a simulated VCEK, so that nothing but the rule under test can refuse them.</summary>
internal static class ReportAssert
{
    private static readonly Lazy<SimulatedKey[]> Keys = new(() => [.. ProductLines.All.Select(p => VirtualAmd.For(p).Vcek())]);

    public static SimulatedKey Key(ProductLine product = ProductLine.Milan) => Keys.Value[(int)product - 1];

    public static ReportBuilder Good(uint version = 5, ProductLine product = ProductLine.Milan) => ReportBuilder.For(Key(product), version);

    public static byte[] Sign(this ReportBuilder builder, ProductLine product = ProductLine.Milan) => builder.Sign(Key(product));

    public static AttestationReport Parses(byte[] report)
    {
        Assert.True(AttestationReport.TryParse(report, out AttestationReport? parsed, out EvidenceFault fault), fault.ToString());
        return parsed;
    }

    public static void IsRefused(byte[] report, CheckId check, int offset, string? field = null)
    {
        bool parsed = AttestationReport.TryParse(report, out AttestationReport? result, out EvidenceFault fault);
        Assert.False(parsed);
        Assert.Null(result);
        Assert.Equal((check, offset), (fault.Check, fault.Offset));
        Assert.Equal(field ?? fault.Field, fault.Field);
        Assert.NotEmpty(fault.Rule);
    }
}
