using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>What must be accepted, so that every refusal beside it has a twin that differs in one thing.</summary>
public sealed class AuthenticScenarioTests
{
    public static MatrixTheoryData<ProductLine, KeyKind, uint> All => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek], [2u, 3u, 4u, 5u]);

    public static TheoryData<ProductLine> Products => [.. ProductLines.All];

    [Theory]
    [MemberData(nameof(All))]
    public void EveryProductKindAndVersion_IsAuthentic(ProductLine product, KeyKind kind, uint version) =>
        SimulationAssert.IsAuthentic(Scenario.Of(VirtualAmd.For(product), kind, version));

    [Theory]
    [MemberData(nameof(Products))]
    public void GoodGuest_IsAcceptedByTheDefaultPolicy(ProductLine product) => SimulationAssert.IsAccepted(Scenario.Vcek(product).Judge());

    [Theory]
    [MemberData(nameof(Products))]
    public void T21_GoodGuestUnderAVlek_IsAcceptedWithItsProviderOnly(ProductLine product)
    {
        Scenario scenario = Scenario.Vlek(product);
        SimulationAssert.IsAccepted(scenario.Judge(Allowing(VirtualAmd.DefaultCsp)));
        foreach (string other in (string[])["", "cc-simulated.example", "CN=cc-simulated.example.", "CN=CC-simulated.example", "CN=cc-simulated", "CN=cc-simulated.example\0", " CN=cc-simulated.example"])
        {
            SimulationAssert.IsRejected(scenario.Judge(Allowing(other)), RejectionKind.Refused, CheckId.CspIdIsAllowed);
        }

        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.Refused, CheckId.CspIdIsAllowed);
    }

    [Fact]
    public void EveryWayToBringCertificates_IsAuthentic()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        byte[] pem = Encoding.ASCII.GetBytes(scenario.CertificatesPem);
        CertificateTableBuilder pemTable = new CertificateTableBuilder()
            .With(CertificateTableBuilder.Ark, PemOf(scenario.Root))
            .With(CertificateTableBuilder.Ask, PemOf(scenario.Issuer))
            .With(CertificateTableBuilder.Vcek, PemOf(scenario.Leaf.Certificate));

        CertificateBundle[] ways =
        [
            scenario.Bundle,
            CertificateBundle.FromPem(scenario.CertificatesPem),
            CertificateBundle.FromPem(scenario.CertificatesPem.ReplaceLineEndings("\r\n")),
            FromFile(pem),
            FromFile(scenario.Leaf.Certificate).With(FromFile(scenario.Issuer)).With(FromFile(scenario.Root)),
            FromTable(scenario.Table),
            FromTable(scenario.Table with { MixedEndian = true }),
            FromTable(pemTable),
            FromFile(scenario.Table.Build()),

            // The extra root is at hand with its certificate.
            SimulationAssert.Bundle(scenario.Leaf.Certificate, scenario.Issuer),
        ];
        Assert.All(ways, bundle => SimulationAssert.IsAuthentic(scenario.Authenticate(report, bundle)));
        Assert.Equal([false, false, false, false, false, true, true, true, true, false], ways.Select(w => w.IsFromTable));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BothFormsOfPssParameters_AreAuthentic(bool trailer)
    {
        byte[] algorithm = trailer ? SignatureAlgorithm.PssWithTrailer() : SignatureAlgorithm.Pss();
        VirtualAmd amd = VirtualAmd.Milan.WithAsk(r => r with { InnerAlgorithm = algorithm });
        SimulationAssert.IsAuthentic(Scenario.Of(amd).WithLeaf(r => r with { InnerAlgorithm = algorithm }));
    }

    [Fact]
    public void UnknownExtensionThatIsNotCritical_IsAuthentic() =>
        SimulationAssert.IsAuthentic(Scenario.Vcek().WithLeaf(r => r.Plus(new ExtensionRecipe(Oids.ExtendedKeyUsage, Der.Sequence(Der.Oid("1.3.6.1.5.5.7.3.1"))))));

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x7F)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void EveryShapeOfTcbNumber_IsAuthentic(byte number)
    {
        TcbVersion tcb = new(TcbLayout.Legacy, 0, number, number, number, number);
        Scenario scenario = Scenario.Vcek() with { Leaf = VirtualAmd.Milan.Vcek(tcb: tcb) };
        SimulationAssert.IsAuthentic(scenario.WithReport(r => r.WithTcb(tcb)));
    }

    private static AppraisalPolicy Allowing(string cspId) => AppraisalPolicy.Default with
    {
        Constraints = AppraisalPolicy.Default.Constraints with { CspIds = new HashSet<string>(StringComparer.Ordinal) { cspId } },
    };

    private static byte[] PemOf(byte[] der) => Encoding.ASCII.GetBytes(Pem.Certificates(der));

    private static CertificateBundle FromFile(byte[] file)
    {
        Assert.True(CertificateBundle.TryFromFile(file, out CertificateBundle? bundle, out EvidenceFault fault), fault.ToString());
        return bundle;
    }

    private static CertificateBundle FromTable(CertificateTableBuilder table)
    {
        Assert.True(CertificateBundle.TryFromTable(table.Build(), out CertificateBundle? bundle, out EvidenceFault fault), fault.ToString());
        return bundle;
    }
}
