using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public class TrustRootsTests
{
    [Fact]
    public void RealRoots_ArePinned_AndNothingElseIs()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate[] all = [.. RealCertificates.All()];
        Assert.Equal(3, all.Count(TrustRoots.IsAmd));
        Assert.All(all, c => Assert.Equal(c.Role == CertificateRole.Ark, TrustRoots.IsAmd(c)));
        Assert.All(all, c => Assert.False(TrustRoots.Amd.IsUnsafeExtra(c)));
    }

    [Theory]
    [InlineData(ProductLine.Milan)]
    [InlineData(ProductLine.Genoa)]
    [InlineData(ProductLine.Turin)]
    public void T15_RootWithAmdsName_IsNotPinned(ProductLine product)
    {
        AmdCertificate root = RealCertificates.Parse(VirtualAmd.For(product).Ark.Certificate);
        Assert.False(TrustRoots.IsAmd(root));
        Assert.False(TrustRoots.Amd.IsUnsafeExtra(root));
    }

    [Fact]
    public void ExtraRoots_AreKnownAsUnsafe_AndLeaveAmdsUntouched()
    {
        AmdCertificate root = RealCertificates.Parse(VirtualAmd.Milan.Ark.Certificate);
        TrustRoots roots = TrustRoots.Amd.WithUnsafeExtra([root, root]);

        Assert.True(roots.HasUnsafeExtraRoots);
        Assert.True(roots.IsUnsafeExtra(root));
        Assert.Equal([root], roots.UnsafeExtraRoots);
        Assert.False(TrustRoots.Amd.HasUnsafeExtraRoots);
        Assert.Empty(TrustRoots.Amd.UnsafeExtraRoots);
    }

    [Fact]
    public void CertificateThatIsNoRoot_CannotBeAdded()
    {
        AmdCertificate intermediate = RealCertificates.Parse(VirtualAmd.Milan.Ask.Certificate);
        Assert.Throws<ArgumentException>(() => TrustRoots.Amd.WithUnsafeExtra([intermediate]));
    }

    [Fact]
    public void RootNotSignedByItself_CannotBeAdded()
    {
        VirtualAmd other = VirtualAmd.Milan.WithArk(recipe => recipe with { Sign = VirtualAmd.Genoa.Ark.Sign });
        AmdCertificate root = RealCertificates.Parse(other.Ark.Certificate);
        Assert.Throws<ArgumentException>(() => TrustRoots.Amd.WithUnsafeExtra([root]));
    }

    [Fact]
    public void AmdsOwnRoot_CannotBeAddedAsUnsafe()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        AmdCertificate root = RealCertificates.Authority(ProductLine.Turin, CertificateRole.Ark);
        Assert.Throws<ArgumentException>(() => TrustRoots.Amd.WithUnsafeExtra([root]));
    }
}
