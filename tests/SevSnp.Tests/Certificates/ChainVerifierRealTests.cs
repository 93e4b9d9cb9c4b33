using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>Real leaves with the wrong company, at the wrong time.</summary>
public class ChainVerifierRealTests
{
    public static TheoryData<string> Names => new(Vectors.SnpNames);

    public static MatrixTheoryData<string, ProductLine> ReportsAndProducts => new(Vectors.SnpReportNames, ProductLines.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void RealChain_HoldsAtItsTime(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        Assert.Equal("ok", vector.Expected.Chain);

        List<CheckResult> checks = Verify(vector, vector.VerificationTime, out EndorsementKey? key);

        Assert.NotNull(key);
        Assert.Equal(vector.ProductLine, key.Product.ToString());
        Assert.False(key.IsUnsafeExtraRoot);
        Assert.Equal(RevocationStatus.NoList, key.Revocation);
        Assert.All(checks, c => Assert.Equal(c.Id == CheckId.CertificatesAreNotRevoked ? CheckStatus.NotRequired : CheckStatus.Passed, c.Status));
        Assert.Equal([10, 11, 12, 13, 14, 15, 16, 17, 19], checks.Select(c => (int)c.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void T23_RealChain_HoldsExactlyFromStartToEndOfTheLeaf(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        AmdCertificate leaf = RealCertificates.Leaf(vector);
        TimeSpan skew = TimeSpan.FromSeconds(300);
        TimeSpan tick = TimeSpan.FromTicks(1);
        TimeSpan second = TimeSpan.FromSeconds(1);

        Assert.All([leaf.NotBefore - skew, leaf.NotBefore, leaf.NotAfter, leaf.NotAfter + skew], at => Assert.True(Holds(vector, at), $"{at:O}"));
        Assert.All(
            [leaf.NotBefore - skew - tick, leaf.NotBefore - skew - second, leaf.NotBefore.AddYears(-10), leaf.NotAfter + skew + tick, leaf.NotAfter + skew + second,
             leaf.NotAfter.AddYears(10), leaf.NotAfter.AddYears(30), DateTimeOffset.MinValue, DateTimeOffset.MaxValue],
            at =>
            {
                CheckResult failed = Assert.Single(Verify(vector, at, out _), c => c.Status == CheckStatus.Failed);
                Assert.Equal(CheckId.CertificatesAreInValidity, failed.Id);
            });
    }

    [Theory]
    [MemberData(nameof(ReportsAndProducts))]
    public void T16_RealLeafUnderAnyProductsAuthorities_HoldsOnlyUnderItsOwn(string name, ProductLine product)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        bool isOwn = product.ToString() == vector.ProductLine;

        Authentication result = RealEvidence.Authenticate(vector, RealEvidence.Leaf(vector).With(RealEvidence.Chain(product.ToString(), vector.IsVlek)), vector.VerificationTime);

        Assert.Equal(isOwn, result.Endorsement is not null);
        Assert.Equal(isOwn ? CheckStatus.Passed : CheckStatus.Failed, result.Check(CheckId.RootIsPinned).Status);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void T17_RealLeafUnderTheOtherKindsAuthority_IsRefused(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        CertificateBundle exchanged = RealEvidence.Leaf(vector).With(RealEvidence.Chain(vector.ProductLine, !vector.IsVlek));

        AssertFails(vector, exchanged, CheckId.ChainSignaturesAreValid);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MissingLink_IsRefusedByName(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        AmdCertificate[] links = [.. RealEvidence.Bundle(vector).Certificates];
        ReadOnlyMemory<byte>[] leaf = Only(links, c => c.Role.IsLeaf());
        ReadOnlyMemory<byte>[] root = Only(links, c => c.Role == CertificateRole.Ark);
        ReadOnlyMemory<byte>[] intermediate = Only(links, c => c.Role == RealCertificates.Leaf(vector).Role.Issuer());

        AssertFails(vector, CertificateBundle.Empty, CheckId.CertificatesMatchProfile);
        AssertFails(vector, CertificateBundle.FromDer([.. intermediate, .. root]), CheckId.CertificatesMatchProfile);
        AssertFails(vector, CertificateBundle.FromDer([.. leaf, .. root]), CheckId.ChainSignaturesAreValid);
        AssertFails(vector, CertificateBundle.FromDer([.. leaf, .. intermediate]), CheckId.RootIsPinned);
        AssertFails(vector, CertificateBundle.FromDer(leaf), CheckId.RootIsPinned);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CertificatesOfOtherProductsAndKinds_AreLeftAside(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);
        IEnumerable<ReadOnlyMemory<byte>> others = RealCertificates.AllAuthorities().Where(c => c.Product.ToString() != vector.ProductLine).Select(c => c.Der);
        CertificateBundle bundle = CertificateBundle.FromDer(others).With(RealEvidence.Chain(vector.ProductLine, !vector.IsVlek)).With(RealEvidence.Bundle(vector));

        Assert.Equal(10, bundle.Certificates.Count);
        Assert.True(ChainVerifier.TryVerify(Kind(vector), ProductLine.Unknown, bundle, TrustRoots.Amd, vector.VerificationTime, [], out _));
    }

    private static ReadOnlyMemory<byte>[] Only(IEnumerable<AmdCertificate> links, Func<AmdCertificate, bool> which) => [Assert.Single(links, c => which(c)).Der];

    private static KeyKind Kind(SnpVector vector) => vector.IsVlek ? KeyKind.Vlek : KeyKind.Vcek;

    private static bool Holds(SnpVector vector, DateTimeOffset at)
    {
        Verify(vector, at, out EndorsementKey? key);
        return key is not null;
    }

    private static List<CheckResult> Verify(SnpVector vector, DateTimeOffset at, out EndorsementKey? key)
    {
        List<CheckResult> checks = [];
        bool holds = ChainVerifier.TryVerify(Kind(vector), ProductLine.Unknown, RealEvidence.Bundle(vector), TrustRoots.Amd, at, checks, out key);
        Assert.Equal(holds, key is not null);
        return checks;
    }

    private static void AssertFails(SnpVector vector, CertificateBundle bundle, CheckId id)
    {
        List<CheckResult> checks = [];
        Assert.False(ChainVerifier.TryVerify(Kind(vector), ProductLine.Unknown, bundle, TrustRoots.Amd, vector.VerificationTime, checks, out EndorsementKey? key));
        Assert.Null(key);
        CheckResult failed = Assert.Single(checks, c => c.Status == CheckStatus.Failed);
        Assert.True(failed.Id == id, $"{failed}");
        Assert.Equal(9, checks.Select(c => c.Id).Distinct().Count());
        Assert.Equal(9, checks.Count);
    }
}
