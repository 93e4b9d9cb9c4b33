using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>T23: each link alone is the one that begins last or ends first.</summary>
public sealed class ValidityEdgeTests
{
    private static readonly DateTimeOffset Start = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2032, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static MatrixTheoryData<KeyKind, CertificateRole> Links => new([KeyKind.Vcek, KeyKind.Vlek], [CertificateRole.Ark, CertificateRole.Ask, CertificateRole.Vcek]);

    [Fact]
    public void T23_ClockSkew_IsFiveMinutes() => Assert.Equal(TimeSpan.FromSeconds(300), ChainVerifier.ClockSkew);

    [Theory]
    [MemberData(nameof(Links))]
    public void T23_EdgesOfEachLink_AreMetToTheSecond(KeyKind kind, CertificateRole link)
    {
        Scenario scenario = Narrow(kind, link);
        foreach ((DateTimeOffset at, bool isValid) in Times())
        {
            if (isValid)
            {
                SimulationAssert.IsAuthentic(scenario with { At = at });
            }
            else
            {
                SimulationAssert.IsRefused(scenario with { At = at }, CheckId.CertificatesAreInValidity);
            }
        }
    }

    [Fact]
    public void T23_OffsetOfTheClock_ChangesNothing()
    {
        Scenario scenario = Narrow(KeyKind.Vcek, CertificateRole.Vcek);
        DateTimeOffset last = End.AddSeconds(300);
        SimulationAssert.IsAuthentic(scenario with { At = last.ToOffset(TimeSpan.FromHours(14)) });
        SimulationAssert.IsRefused(scenario with { At = last.AddSeconds(1).ToOffset(TimeSpan.FromHours(-12)) }, CheckId.CertificatesAreInValidity);
    }

    [Theory]
    [InlineData(2049, 2050)]
    [InlineData(2050, 2051)]
    [InlineData(2069, 2070)]
    [InlineData(9998, 9999)]
    public void T23_DatesAroundTheChangeOfTheirFormat_AreRead(int first, int last)
    {
        VirtualAmd amd = VirtualAmd.Milan.WithAsk(r => r with { NotAfter = Validity.Years(first, last).NotAfter });
        Scenario scenario = Scenario.Of(amd).WithLeaf(r => r with { NotAfter = Validity.Years(first, last).NotAfter });
        SimulationAssert.IsAuthentic(scenario);
    }

    // The same instant in the form that is not for its year.
    [Fact]
    public void T27_LongFormOfADateBefore2050_IsRefused()
    {
        Scenario scenario = Scenario.Vcek().WithLeaf(r => r with
        {
            AlterSignedPart = part => Replace(part, Der.Sequence(Der.Time(r.NotBefore), Der.Time(r.NotAfter)), LongForm(r.NotBefore, r.NotAfter)),
        });
        SimulationAssert.IsRefused(scenario, CheckId.CertificatesMatchProfile);
    }

    private static IEnumerable<(DateTimeOffset At, bool IsValid)> Times() =>
    [
        (Start.AddYears(-10), false),
        (Start.AddSeconds(-301), false),
        (Start.AddSeconds(-300), true),
        (Start, true),
        (Start.AddSeconds(1), true),
        (VirtualAmd.Now, true),
        (End, true),
        (End.AddSeconds(300), true),
        (End.AddSeconds(301), false),
        (End.AddYears(10), false),
        (DateTimeOffset.MinValue, false),
        (DateTimeOffset.MaxValue, false),
    ];

    private static Scenario Narrow(KeyKind kind, CertificateRole link)
    {
        static CertificateRecipe Change(CertificateRecipe r) => r with { NotBefore = Start, NotAfter = End };
        VirtualAmd amd = link switch
        {
            CertificateRole.Ark => VirtualAmd.Milan.WithArk(Change),
            CertificateRole.Ask => VirtualAmd.Milan.WithAsk(Change).WithAsvk(Change),
            _ => VirtualAmd.Milan,
        };
        Scenario scenario = Scenario.Of(amd, kind);
        return link == CertificateRole.Vcek ? scenario.WithLeaf(Change) : scenario;
    }

    private static byte[] LongForm(DateTimeOffset from, DateTimeOffset to) => Der.Sequence(LongForm(from), LongForm(to));

    private static byte[] LongForm(DateTimeOffset time) =>
        Der.Tlv(0x18, System.Text.Encoding.ASCII.GetBytes(time.ToString("yyyyMMddHHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)));

    // The outer SEQUENCE gets its length anew.
    private static byte[] Replace(byte[] signedPart, byte[] old, byte[] with)
    {
        int at = signedPart.AsSpan().IndexOf(old);
        Assert.True(at > 0);
        return Der.Sequence(signedPart[4..at], with, signedPart[(at + old.Length)..]);
    }
}
