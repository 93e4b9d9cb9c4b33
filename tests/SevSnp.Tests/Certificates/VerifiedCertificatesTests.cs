using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>What is kept of verified reports saves work, and changes no verdict.</summary>
public class VerifiedCertificatesTests
{
    private static readonly VirtualAmd LookAlike = VirtualAmd.Create(ProductLine.Milan);
    private static readonly Scenario Good = Scenario.Vcek() with { RevocationLists = [VirtualAmd.Milan.RevocationList().Mint()] };

    [Fact]
    public void KeptCertificates_AreFoundParsed_InEveryForm()
    {
        VerifiedCertificates known = Warm(Good);

        CertificateBundle first = Bundle(Good, known);

        Assert.Equal(4, known.Count);
        Assert.True(first.Certificates.SequenceEqual(Bundle(Good, known).Certificates, ReferenceEqualityComparer.Instance));
        Assert.Same(first.RevocationLists[0], Bundle(Good, known).RevocationLists[0]);
        Assert.Equal(Good.Authenticate().Checks, Good.Authenticate(Good.SignReport(), first).Checks);
        Assert.Contains(first.Certificates[0], CertificateBundle.FromPem(Good.CertificatesPem, known).Certificates);
        Assert.True(CertificateBundle.TryFromTable(Good.Table.Build(), out CertificateBundle? table, out _, known));
        Assert.Contains(first.Certificates[0], table.Certificates);
        Assert.True(table.IsFromTable);
    }

    [Fact]
    public void WarmKey_UnderAForgedCertificate_IsRefused()
    {
        VerifiedCertificates known = Warm(Good);
        Scenario forged = Good.WithLeaf(r => r with { Sign = LookAlike.Ask.Sign });

        CertificateBundle bundle = Bundle(forged, known);

        Assert.Equal(Bundle(Good, known).Certificates[0].PublicKeySha256, bundle.Certificates[0].PublicKeySha256);
        forged.Authenticate(forged.SignReport(), bundle).AssertFirstFailure(CheckId.ChainSignaturesAreValid);
        forged.Authenticate(forged.SignReport(), bundle).AssertFirstFailure(CheckId.ChainSignaturesAreValid);
        Assert.NotNull(Good.Authenticate(Good.SignReport(), Bundle(Good, known)).Verified);
    }

    [Fact]
    public void WarmLeaf_UnderAnotherIssuerOfTheSameName_IsRefused()
    {
        VerifiedCertificates known = Warm(Good);
        CertificateBundle underLookAlike = CertificateBundle.FromDer([Good.Leaf.Certificate, LookAlike.Ask.Certificate, LookAlike.Ark.Certificate], known);

        Authentication result = (Good with { Roots = LookAlike.Roots }).Authenticate(Good.SignReport(), underLookAlike);

        Assert.Null(result.Verified);
        Assert.Contains(result.Checks, c => c.Status == CheckStatus.Failed && c.Id is CheckId.CertificatesMatchProfile or CheckId.ChainSignaturesAreValid);
    }

    [Fact]
    public void EveryChangedByte_OfAWarmLeaf_IsRefused()
    {
        VerifiedCertificates known = Warm(Good);
        byte[] leaf = Good.Leaf.Certificate;
        byte[] report = Good.SignReport();
        for (int i = 0; i < leaf.Length; i++)
        {
            byte[] changed = [.. leaf];
            changed[i] ^= 1;

            CertificateBundle bundle = CertificateBundle.FromDer([changed, Good.Issuer, Good.Root], known);

            Assert.True(Good.Authenticate(report, bundle).Verified is null, $"Byte {i} of the leaf can be changed.");
        }
    }

    [Fact]
    public void DatesPinsAndLists_AreJudgedAgain()
    {
        VerifiedCertificates known = Warm(Good);
        byte[] report = Good.SignReport();

        (Good with { At = Good.At.AddYears(40) }).Authenticate(report, Bundle(Good, known)).AssertFirstFailure(CheckId.CertificatesAreInValidity);
        (Good with { Roots = TrustRoots.Amd }).Authenticate(report, Bundle(Good, known)).AssertFirstFailure(CheckId.RootIsPinned);
        Scenario revoked = Good with { RevocationLists = [(Good.Amd.RevocationList() with { Revoked = [Good.Amd.Ask.Recipe.Serial] }).Mint()] };
        revoked.Authenticate(report, Bundle(revoked, known)).AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
        Scenario forgedList = Good with { RevocationLists = [(Good.Amd.RevocationList() with { Sign = LookAlike.Ark.Sign }).Mint()] };
        forgedList.Authenticate(report, Bundle(forgedList, known)).AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
        Assert.NotNull(Good.Authenticate(report, Bundle(Good, known)).Verified);
    }

    [Fact]
    public void ListOfAnotherRoot_IsNotKept()
    {
        VerifiedCertificates known = new(64);
        Scenario scenario = Good with { RevocationLists = [VirtualAmd.Genoa.RevocationList().Mint()] };
        CertificateBundle bundle = scenario.Bundle;

        known.Keep(scenario.Authenticate(scenario.SignReport(), bundle).Verified!.Endorsement, bundle);

        Assert.Equal(3, known.Count);
    }

    [Fact]
    public void ManyLeaves_FillABoundedNumberOfPlaces_AndTheUsedOnesStay()
    {
        VerifiedCertificates known = new(16);
        CertificateBundle used = Bundle(Good, known);
        known.Keep(Good.Authenticate(Good.SignReport(), used).Verified!.Endorsement, used);
        for (int i = 0; i < 60; i++)
        {
            Scenario other = Scenario.Vcek();
            CertificateBundle bundle = Bundle(other, known);
            known.Keep(other.Authenticate(other.SignReport(), bundle).Verified!.Endorsement, bundle);

            Assert.InRange(known.Count, 3, 16);
            Assert.Same(used.Certificates[0], Bundle(Good, known).Certificates[0]);
        }
    }

    [Fact]
    public void ManyThreads_FindWhatIsKept()
    {
        VerifiedCertificates known = new(16);
        Scenario[] scenarios = [.. Enumerable.Range(0, 20).Select(_ => Scenario.Vcek())];
        Parallel.For(0, 400, i =>
        {
            Scenario scenario = scenarios[i % scenarios.Length];
            CertificateBundle bundle = Bundle(scenario, known);
            VerifiedReport verified = scenario.Authenticate(scenario.SignReport(), bundle).Verified!;
            Assert.NotNull(verified);
            known.Keep(verified.Endorsement, bundle);
            Assert.InRange(known.Count, 3, 16 + Environment.ProcessorCount);
        });
    }

    [Theory]
    [InlineData(15)]
    [InlineData(0)]
    [InlineData(-1)]
    public void TooFewPlaces_AreRefused(int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => new VerifiedCertificates(capacity));

    private static VerifiedCertificates Warm(Scenario scenario)
    {
        VerifiedCertificates known = new(64);
        CertificateBundle bundle = Bundle(scenario, known);
        known.Keep(scenario.Authenticate(scenario.SignReport(), bundle).Verified!.Endorsement, bundle);
        return known;
    }

    private static CertificateBundle Bundle(Scenario scenario, VerifiedCertificates known) =>
        CertificateBundle.FromDer(scenario.Certificates.Select(der => new ReadOnlyMemory<byte>(der)), known)
            .WithRevocationLists(scenario.RevocationLists.Select(der => new ReadOnlyMemory<byte>(der)), known);
}
