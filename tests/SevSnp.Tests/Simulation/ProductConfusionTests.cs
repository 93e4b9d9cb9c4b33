using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>T16: all three virtual AMDs are trusted here, so that nothing but the product can tell right from wrong.</summary>
public sealed class ProductConfusionTests
{
    private static readonly TrustRoots AllRoots = TrustRoots.Amd.WithUnsafeExtra(ProductLines.All.SelectMany(p => VirtualAmd.For(p).Roots.UnsafeExtraRoots));

    public static MatrixTheoryData<ProductLine, ProductLine> Pairs => new(ProductLines.All, ProductLines.All);

    public static MatrixTheoryData<ProductLine, ProductLine, ProductLine> Triples => new(ProductLines.All, ProductLines.All, ProductLines.All);

    [Theory]
    [MemberData(nameof(Pairs))]
    public void T16_CpuOfOneProductCertificatesOfAnother_IsRefused(ProductLine cpu, ProductLine certificates)
    {
        Scenario scenario = Scenario.Vcek(certificates) with { Roots = AllRoots };
        ReportBuilder report = ReportBuilder.For(VirtualAmd.For(cpu).Vcek());
        Authentication authentication = scenario.Authenticate(report.Sign(scenario.Leaf), scenario.Bundle);
        if (cpu == certificates)
        {
            SimulationAssert.IsAuthentic(authentication);
        }
        else
        {
            SimulationAssert.IsRefused(authentication, CheckId.ProductIsConsistent);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void T16_LeafOfOneProductSignedByTheAskOfAnother_IsRefused(ProductLine leaf, ProductLine issuer)
    {
        VirtualAmd amd = VirtualAmd.For(issuer);
        Scenario scenario = Scenario.Vcek(leaf).WithLeaf(r => r with { Issuer = amd.Ask.Recipe.Subject, Sign = amd.Ask.Sign });
        scenario = scenario with { Issuer = amd.Ask.Certificate, Root = amd.Ark.Certificate, Roots = AllRoots };
        if (leaf == issuer)
        {
            SimulationAssert.IsAuthentic(scenario);
        }
        else
        {
            SimulationAssert.IsRefused(scenario, CheckId.ProductIsConsistent);
        }
    }

    // Wrong authorities do not stand in for missing ones: the place of the right one is empty.
    [Theory]
    [MemberData(nameof(Triples))]
    public void T16_ThreeByThreeByThree_OnlyOneProductIsAuthentic(ProductLine leaf, ProductLine intermediate, ProductLine root)
    {
        Scenario scenario = Scenario.Vcek(leaf) with
        {
            Issuer = VirtualAmd.For(intermediate).Ask.Certificate,
            Root = VirtualAmd.For(root).Ark.Certificate,
            Roots = AllRoots,
        };
        if (leaf == intermediate)
        {
            // The root that is missing is one of the trusted ones, whose certificates are at hand.
            SimulationAssert.IsAuthentic(scenario);
            SimulationAssert.IsRefused(scenario with { Roots = VirtualAmd.For(Other(leaf)).Roots }, CheckId.RootIsPinned);
        }
        else
        {
            SimulationAssert.IsRefused(scenario, leaf == root ? CheckId.ChainSignaturesAreValid : CheckId.RootIsPinned);
        }
    }

    [Theory]
    [InlineData(0xA0)]
    [InlineData(0xAF)]
    [InlineData(0x1F)]
    public void T16_BergamoAndSiena_AreAuthenticUnderGenoa(byte model)
    {
        CpuSignature cpu = new(0x19, model, 2);
        SimulationAssert.IsAuthentic(Scenario.Vcek(ProductLine.Genoa).WithReport(r => r with { Cpu = cpu }));
        SimulationAssert.IsRefused(Scenario.Vcek(ProductLine.Milan).WithReport(r => r with { Cpu = cpu }), CheckId.ProductIsConsistent);
    }

    // Version 2 does not name the CPU: the certificate decides, and with it the layout of the TCB.
    [Fact]
    public void T22_VersionTwo_TakesProductAndLayoutFromTheCertificate()
    {
        SimulationAssert.IsAuthentic(Scenario.Vcek(ProductLine.Turin, version: 2));
        Scenario milan = Scenario.Vcek(ProductLine.Milan, version: 2);
        SimulationAssert.IsRefused(milan.WithReport(r => r.WithTcb(SimulatedChip.DefaultTcb(ProductLine.Turin))), CheckId.TcbReservedBytesAreZero);
    }

    [Theory]
    [InlineData(0x1A, 0x50)]
    [InlineData(0x19, 0x50)]
    [InlineData(0x00, 0x00)]
    [InlineData(0xFF, 0xFF)]
    public void T16_UnknownCpu_IsRefused(byte family, byte model) =>
        SimulationAssert.IsRefused(Scenario.Vcek().WithReport(r => r with { Cpu = new CpuSignature(family, model, 0) }), CheckId.ProductIsConsistent);

    private static ProductLine Other(ProductLine product) => product == ProductLine.Milan ? ProductLine.Genoa : ProductLine.Milan;
}
