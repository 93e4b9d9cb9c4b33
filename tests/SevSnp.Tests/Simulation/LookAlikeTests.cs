using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>
/// T15: a complete copy of AMD's hierarchy (names, serial numbers, extensions, addresses, dates) with the attacker's keys, and a report
/// that is rightly signed under it, through every door of the library.
/// </summary>
public sealed class LookAlikeTests
{
    private static readonly Lazy<VirtualAmd> Attacker = new(() => VirtualAmd.Create(ProductLine.Milan));

    public static MatrixTheoryData<KeyKind, bool> Verifiers => new([KeyKind.Vcek, KeyKind.Vlek], [false, true]);

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void T15_LookAlikeThroughEveryDoor_IsRefusedByItsRoot(KeyKind kind, bool trustsAnotherSimulation)
    {
        Scenario scenario = Scenario.Of(Attacker.Value, kind) with { Roots = trustsAnotherSimulation ? VirtualAmd.Milan.Roots : TrustRoots.Amd };
        byte[] report = scenario.SignReport();
        byte[] list = Attacker.Value.RevocationList().Mint();
        foreach (CertificateBundle door in Doors(scenario))
        {
            Assert.Empty(door.Faults);
            Assert.Equal(3, door.Certificates.Count);
            SimulationAssert.IsRefused(scenario.Authenticate(report, door), CheckId.RootIsPinned);
            SimulationAssert.IsRefused(scenario.Authenticate(report, door.WithRevocationLists([list])), CheckId.RootIsPinned);
        }

        SimulationAssert.IsRejected(scenario.Judge(), RejectionKind.NotAuthentic, CheckId.RootIsPinned);
    }

    // The twin of the test above: with the attacker's root trusted nothing else is wrong.
    [Theory]
    [InlineData(KeyKind.Vcek)]
    [InlineData(KeyKind.Vlek)]
    public void LookAlikeWithItsRootTrusted_IsAuthentic(KeyKind kind)
    {
        Scenario scenario = Scenario.Of(Attacker.Value, kind);
        byte[] report = scenario.SignReport();
        Assert.All(Doors(scenario), door => SimulationAssert.IsAuthentic(scenario.Authenticate(report, door)));
    }

    [Fact]
    public void T15_LookAlikeBesideTheRightRoot_IsRefused()
    {
        Scenario scenario = Scenario.Of(Attacker.Value) with { Roots = VirtualAmd.Milan.Roots };
        byte[] report = scenario.SignReport();
        byte[] right = VirtualAmd.Milan.Ark.Certificate;

        // The right root in place of the attacker's; both roots; and the attacker's intermediate alone, so that the trusted root is filled in.
        SimulationAssert.IsRefused(scenario with { Root = right }, CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle([.. scenario.Certificates, right])), CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle([right, .. scenario.Certificates])), CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario.Authenticate(report, SimulationAssert.Bundle(scenario.Leaf.Certificate, scenario.Issuer)), CheckId.RootIsPinned);
    }

    // Key identifiers are public and can be copied: then the signatures tell.
    [Fact]
    public void T15_LookAlikeWithCopiedKeyIdentifiers_IsRefused()
    {
        VirtualAmd real = VirtualAmd.Milan;
        byte[] rootId = real.Ark.Recipe.Extensions.Single(e => e.Oid == Oids.SubjectKeyIdentifier).Value;
        byte[] authorityId = real.Ask.Recipe.Extensions.Single(e => e.Oid == Oids.AuthorityKeyIdentifier).Value;
        VirtualAmd copied = Attacker.Value
            .WithArk(r => r.WithValue(Oids.SubjectKeyIdentifier, rootId))
            .WithAsk(r => r.WithValue(Oids.AuthorityKeyIdentifier, authorityId));
        Scenario scenario = Scenario.Of(copied) with { Roots = real.Roots };

        SimulationAssert.IsRefused(scenario, CheckId.RootIsPinned);
        SimulationAssert.IsRefused(scenario with { Root = real.Ark.Certificate }, CheckId.ChainSignaturesAreValid);
        SimulationAssert.IsRefused(scenario with { Issuer = real.Ask.Certificate, Root = real.Ark.Certificate }, CheckId.ChainSignaturesAreValid);
    }

    // The root with every byte right but one: the pin is of the whole certificate.
    [Fact]
    public void T15_RootReissuedWithTheSameKey_IsNotTheTrustedOne()
    {
        byte[] reissued = VirtualAmd.Milan.Ark.With(r => r with { NotAfter = r.NotAfter.AddSeconds(1) }).Certificate;
        SimulationAssert.IsRefused(Scenario.Vcek() with { Root = reissued }, CheckId.RootIsPinned);
    }

    [Fact]
    public void T15_AmdsOwnRoot_DoesNotVouchForTheAttacker()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        byte[] ark = File.ReadAllBytes(Vectors.Path("snp", "ca", "milan-ark.der"));
        byte[] ask = File.ReadAllBytes(Vectors.Path("snp", "ca", "milan-ask.der"));
        Scenario scenario = Scenario.Of(Attacker.Value) with { Roots = TrustRoots.Amd };

        SimulationAssert.IsRefused(scenario with { Root = ark }, CheckId.CertificatesMatchProfile);
        SimulationAssert.IsRefused(scenario with { Root = ark, Issuer = ask }, CheckId.ChainSignaturesAreValid);
        SimulationAssert.IsRefused(scenario with { Issuer = ask }, CheckId.CertificatesMatchProfile);
    }

    [Fact]
    public void T15_ListOfTheAttacker_IsRefusedBesideTheRightChain()
    {
        Scenario scenario = Scenario.Vcek();
        SimulationAssert.IsRefused(scenario with { RevocationLists = [Attacker.Value.RevocationList().Mint()] }, CheckId.CertificatesAreNotRevoked);
    }

    private static CertificateBundle[] Doors(Scenario scenario)
    {
        CertificateTableBuilder pemTable = new()
        {
            Entries = [.. scenario.Table.Entries.Select(e => (e.Kind, Encoding.ASCII.GetBytes(Pem.Certificates(e.Blob))))],
        };
        return
        [
            scenario.Bundle,
            CertificateBundle.FromPem(scenario.CertificatesPem),
            FromFile(Encoding.ASCII.GetBytes(scenario.CertificatesPem)),
            FromFile(scenario.Leaf.Certificate).With(FromFile(scenario.Issuer)).With(FromFile(scenario.Root)),
            FromFile(scenario.Table.Build()),
            FromFile((scenario.Table with { MixedEndian = true }).Build()),
            FromFile(pemTable.Build()),
        ];
    }

    private static CertificateBundle FromFile(byte[] file)
    {
        Assert.True(CertificateBundle.TryFromFile(file, out CertificateBundle? bundle, out EvidenceFault fault), fault.ToString());
        return bundle;
    }
}
