using SevSnp.Certificates;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

public sealed class FaultyCertificateTests
{
    private static readonly Lazy<Scenario> Good = new(() => Scenario.Vcek());

    private static readonly FaultyCertificate[] Leaves = [.. FaultyLeafExtensions.All(), .. FaultyLeafKeys.All(), .. FaultyLeafStructure.All()];

    private static readonly FaultyCertificate[] Authorities = [.. FaultyAuthorities.All()];

    public static TheoryData<string> LeafDefects => [.. Leaves.Select(f => f.Name)];

    public static TheoryData<string> AuthorityDefects => [.. Authorities.Select(f => f.Name)];

    [Fact]
    public void WithoutADefect_IsAuthentic() => SimulationAssert.IsAuthentic(Good.Value);

    [Theory]
    [MemberData(nameof(LeafDefects))]
    public void T18_T26_T27_LeafWithOneDefect_IsRefusedByItsCheck(string defect)
    {
        FaultyCertificate faulty = Leaves.Single(f => f.Name == defect);
        SimulationAssert.IsRefused(Good.Value.WithLeaf(faulty.Change), faulty.Check);
    }

    [Theory]
    [MemberData(nameof(AuthorityDefects))]
    public void T25_T26_IntermediateWithOneDefect_IsRefusedByItsCheck(string defect)
    {
        FaultyCertificate faulty = Authorities.Single(f => f.Name == defect);
        byte[] issuer = Good.Value.Amd.Ask.With(faulty.Change).Certificate;
        SimulationAssert.IsRefused(Good.Value with { Issuer = issuer }, faulty.Check);
    }

    // A root that is not of the profile is not even read, so that it could never have been made an extra root.
    [Theory]
    [InlineData("no CA")]
    [InlineData("path length")]
    [InlineData("no cRLSign")]
    [InlineData("no key usage")]
    [InlineData("RSA 2048")]
    [InlineData("other product as issuer")]
    [InlineData("leaf's name")]
    public void T25_RootWithOneDefect_DoesNotParse(string defect)
    {
        CertificateAuthority root = VirtualAmd.Milan.Ark.With(r => defect switch
        {
            "no CA" => r.WithValue(Oids.BasicConstraints, Der.Sequence()),
            "path length" => r.WithValue(Oids.BasicConstraints, Der.Sequence(Der.True(), Der.Number(1))),
            "no cRLSign" => r.WithValue(Oids.KeyUsage, 0x03, 0x02, 0x02, 0x04),
            "no key usage" => r.Without(Oids.KeyUsage),
            "RSA 2048" => r with { PublicKey = CertificateAuthority.PublicKeyOf(CertificateAuthority.NewKey(2048)) },
            "other product as issuer" => r with { Issuer = AmdName.Of("ARK-Genoa") },
            _ => r with { Subject = AmdName.Of("SEV-VCEK") },
        });

        Assert.True(AmdCertificate.TryParse(VirtualAmd.Milan.Ark.Certificate, out _, out _));
        Assert.False(AmdCertificate.TryParse(root.Certificate, out _, out EvidenceFault fault));
        Assert.NotEqual(CheckId.None, fault.Check);
    }

    [Fact]
    public void Defects_AreManyAndDifferent()
    {
        Assert.True(Leaves.Length + Authorities.Length >= 100);
        Assert.Distinct(Leaves.Select(f => f.Name));
        Assert.Distinct(Authorities.Select(f => f.Name));
    }
}
