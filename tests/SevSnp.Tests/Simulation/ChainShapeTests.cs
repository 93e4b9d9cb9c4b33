using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>T25: exactly three links with fixed roles. T28: serial numbers identify nothing.</summary>
public sealed class ChainShapeTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    [Fact]
    public void T25_ChainOfTwo_IsRefused()
    {
        Scenario scenario = Scenario.Vcek().WithLeaf(r => r with { Issuer = Amd.Ark.Recipe.Subject, Sign = Amd.Ark.Sign });
        SimulationAssert.IsRefused(scenario, CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(scenario.SignReport(), SimulationAssert.Bundle(scenario.Leaf.Certificate, scenario.Root)), CheckId.CertificatesMatchProfile);
    }

    [Fact]
    public void T25_LeafSignedByTheRootInTheAsksName_IsRefused() =>
        SimulationAssert.IsRefused(Scenario.Vcek().WithLeaf(r => r with { Sign = Amd.Ark.Sign }), CheckId.ChainSignaturesAreValid);

    [Fact]
    public void T25_ChainOfFour_IsRefused()
    {
        // An intermediate below the ASK, with its name or with a name of its own.
        CertificateAuthority below = new(Amd.Asvk.Key, Amd.Ask.Recipe with
        {
            Issuer = Amd.Ask.Recipe.Subject,
            PublicKey = CertificateAuthority.PublicKeyOf(Amd.Asvk.Key),
            Sign = Amd.Ask.Sign,
        });
        CertificateAuthority named = below.With(r => r with { Subject = AmdName.Of("SEV-Milan-2") });
        foreach (CertificateAuthority extra in (CertificateAuthority[])[below, named])
        {
            Scenario scenario = Scenario.Vcek().WithLeaf(r => r with { Issuer = extra.Recipe.Subject, Sign = extra.Sign });
            CertificateBundle four = SimulationAssert.Bundle(scenario.Leaf.Certificate, extra.Certificate, scenario.Issuer, scenario.Root);
            SimulationAssert.IsRefused(scenario.Authenticate(scenario.SignReport(), four), CheckId.CertificatesMatchProfile);
        }
    }

    [Fact]
    public void T25_VcekThatSignsAnotherVcek_IsRefused()
    {
        SimulatedKey issuer = Amd.Vcek();
        byte[] ecdsa = Der.Sequence(Der.Oid(Oids.EcdsaSha384));
        Scenario inItsOwnName = Scenario.Vcek().WithLeaf(r => r with { Issuer = issuer.Recipe.Subject, InnerAlgorithm = ecdsa, Sign = issuer.SignAsIssuer });
        Scenario inTheAsksName = Scenario.Vcek().WithLeaf(r => r with { InnerAlgorithm = ecdsa, Sign = issuer.SignAsIssuer });
        foreach (Scenario scenario in (Scenario[])[inItsOwnName, inTheAsksName])
        {
            CertificateBundle bundle = SimulationAssert.Bundle(scenario.Leaf.Certificate, issuer.Certificate, scenario.Issuer, scenario.Root);
            SimulationAssert.IsRefused(scenario.Authenticate(scenario.SignReport(), bundle), CheckId.ChainSignaturesAreValid);
        }
    }

    [Fact]
    public void T25_MissingLinks_AreRefused()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        SimulationAssert.IsRefused(scenario.Authenticate(report, CertificateBundle.Empty), CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle(scenario.Issuer, scenario.Root)), CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle(scenario.Leaf.Certificate, scenario.Root)), CheckId.ChainSignaturesAreValid);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle(scenario.Leaf.Certificate)), CheckId.RootIsPinned);
    }

    // Which of two is meant cannot be told, even if one of them would do.
    [Fact]
    public void TwoCertificatesForOnePlace_AreRefused()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        byte[] reissued = scenario.Leaf.With(r => r with { NotBefore = r.NotBefore.AddDays(1) }).Certificate;
        byte[] otherAsk = Amd.Ask.With(r => r with { NotBefore = r.NotBefore.AddDays(1) }).Certificate;
        byte[] otherArk = Amd.Ark.With(r => r with { NotBefore = r.NotBefore.AddDays(1) }).Certificate;
        foreach (byte[] second in (byte[][])[reissued, otherAsk, otherArk])
        {
            CertificateBundle before = SimulationAssert.Bundle([second, .. scenario.Certificates]);
            CertificateBundle behind = SimulationAssert.Bundle([.. scenario.Certificates, second]);
            SimulationAssert.IsRefused(scenario.Authenticate(report, before), CheckId.CertificatesMatchProfile);
            SimulationAssert.IsRefused(scenario.Authenticate(report, behind), CheckId.CertificatesMatchProfile);
        }
    }

    [Fact]
    public void SameCertificateTwice_AndOtherProductsAuthorities_DoNotDisturb()
    {
        Scenario scenario = Scenario.Vcek();
        byte[][] more = [scenario.Issuer, scenario.Root, Amd.Asvk.Certificate, VirtualAmd.Genoa.Ark.Certificate, VirtualAmd.Genoa.Ask.Certificate];
        SimulationAssert.IsAuthentic(scenario.Authenticate(scenario.SignReport(), SimulationAssert.Bundle([.. more, .. scenario.Certificates])));
    }

    [Fact]
    public void T28_TwoChipsWithTheSameSerialNumber_DoNotMix()
    {
        Scenario first = Scenario.Vcek();
        SimulatedKey other = Amd.Vcek(SimulatedChip.Named(ProductLine.Milan, "second"));
        Scenario second = first with { Leaf = other, Report = ReportBuilder.For(other) };
        Assert.Equal(first.Leaf.Recipe.Serial, other.Recipe.Serial);
        Assert.Equal(first.Leaf.Recipe.Issuer, other.Recipe.Issuer);

        SimulationAssert.IsAuthentic(first);
        SimulationAssert.IsAuthentic(second);
        SimulationAssert.IsRefused(first.Authenticate(first.SignReport(), second.Bundle), CheckId.ReportSignatureIsValid, CheckId.ChipIdMatchesCertificate);
        SimulationAssert.IsRefused(second.Authenticate(second.SignReport(), first.Bundle), CheckId.ReportSignatureIsValid, CheckId.ChipIdMatchesCertificate);
    }

    [Fact]
    public void T28_ReissuedCertificateOfOneKey_IsAsGoodAsTheFirst()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] report = scenario.SignReport();
        Scenario reissued = scenario.WithLeaf(r => r with { NotBefore = r.NotBefore.AddDays(2), NotAfter = r.NotAfter.AddDays(2) });
        Assert.NotEqual(scenario.Leaf.Certificate, reissued.Leaf.Certificate);
        SimulationAssert.IsAuthentic(reissued.Authenticate(report, reissued.Bundle));
        Assert.Equal(scenario.Bundle.Certificates[0].PublicKeySha256, reissued.Bundle.Certificates[0].PublicKeySha256);
        Assert.NotEqual(scenario.Bundle.Certificates[0].Sha256, reissued.Bundle.Certificates[0].Sha256);
    }
}
