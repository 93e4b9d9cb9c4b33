using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>T17: SIGNING_KEY, the leaf's name, its issuer and its set of extensions must all speak of one kind.</summary>
public sealed class KeyKindConfusionTests
{
    private static readonly KeyKind[] Both = [KeyKind.Vcek, KeyKind.Vlek];

    public static MatrixTheoryData<KeyKind, KeyKind, KeyKind> Matrix => new(Both, Both, Both);

    public static TheoryData<ProductLine> Products => [.. ProductLines.All];

    [Theory]
    [MemberData(nameof(Matrix))]
    public void T17_NameIssuerAndExtensionsOfALeaf_MustAgree(KeyKind name, KeyKind issuer, KeyKind extensions)
    {
        foreach (KeyKind reported in Both)
        {
            VirtualAmd amd = VirtualAmd.Milan;
            CertificateAuthority authority = amd.IssuerOf(issuer);
            Scenario scenario = Scenario.Of(amd, extensions).WithLeaf(r => r with
            {
                Subject = AmdName.Of(name == KeyKind.Vcek ? "SEV-VCEK" : "SEV-VLEK"),
                Issuer = authority.Recipe.Subject,
                Sign = authority.Sign,
            });
            scenario = (scenario with { Issuer = authority.Certificate }).WithReport(r => r with { SigningKey = reported == KeyKind.Vlek ? 1u : 0u });

            if (name == issuer && issuer == extensions && extensions == reported)
            {
                SimulationAssert.IsAuthentic(scenario);
            }
            else
            {
                SimulationAssert.IsRefused(scenario, CheckId.KeyKindIsConsistent);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void T17_AskAndAsvkExchanged_IsRefused(ProductLine product)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        SimulationAssert.IsRefused(Scenario.Vcek(product) with { Issuer = amd.Asvk.Certificate }, CheckId.ChainSignaturesAreValid);
        SimulationAssert.IsRefused(Scenario.Vlek(product) with { Issuer = amd.Ask.Certificate }, CheckId.ChainSignaturesAreValid);
    }

    [Fact]
    public void T13_UnsignedReport_IsRefusedThoughWellFormed()
    {
        Scenario scenario = Scenario.Vcek().WithReport(r => r with { SigningKey = 7 });
        SimulationAssert.IsRefused(scenario.Authenticate(scenario.Report.Build(), scenario.Bundle), CheckId.SigningKeyIsNamed);
        SimulationAssert.IsRefused(scenario, CheckId.SigningKeyIsNamed);
        SimulationAssert.IsRefused(scenario.WithReport(r => r with { MaskChipKey = true }), CheckId.SigningKeyIsNamed);
    }

    [Fact]
    public void T17_VlekWithMaskedChipKey_IsAuthentic() => SimulationAssert.IsAuthentic(Scenario.Vlek().WithReport(r => r with { MaskChipKey = true }));

    [Fact]
    public void T17_BothKindsInOneBundle_EachReportFindsItsOwn()
    {
        Scenario vcek = Scenario.Vcek();
        Scenario vlek = Scenario.Vlek();
        var both = vcek.Bundle.With(vlek.Bundle);
        SimulationAssert.IsAuthentic(vcek.Authenticate(vcek.SignReport(), both));
        SimulationAssert.IsAuthentic(vlek.Authenticate(vlek.SignReport(), both));

        Authentication exchanged = vcek.Authenticate(vcek.Report.Sign(vlek.Leaf), both);
        SimulationAssert.IsRefused(exchanged, CheckId.ReportSignatureIsValid);
    }
}
