namespace Verifier.Charts.Tests;

/// <summary>The certificate that cert-manager makes is the one that is served, for the names by which it is reached.</summary>
public sealed class CertificateTests
{
    [Fact]
    public void Certificate_IsTheMountedOne_ForEveryNameOfTheServices()
    {
        Manifests manifests = Manifests.Render("cert-manager");
        CertificateSpec spec = manifests.Single<Certificate>().Spec;

        Assert.Equal(spec.SecretName, manifests.Pod.Volumes.Single(v => v.Name == "tls").Secret.SecretName);
        Assert.All(manifests.All<k8s.Models.V1Service>(), s => Assert.Contains($"{s.Metadata.Name}.trust.svc", spec.DnsNames));
        Assert.Contains("*.verifier.example", spec.DnsNames);
        Assert.Equal(("internal", "ClusterIssuer", "cert-manager.io"), (spec.IssuerRef.Name, spec.IssuerRef.Kind, spec.IssuerRef.Group));
        Assert.Equal(("2160h", "720h", "Always"), (spec.Duration, spec.RenewBefore, spec.PrivateKey.RotationPolicy));
    }

    // The authority that helm test goes by is the one in the same secret.
    [Theory]
    [InlineData("cert-manager", "release-verifier-tls")]
    [InlineData("minimal", "verifier-tls")]
    [InlineData("tls-everywhere", "verifier-authority")]
    public void Tests_TrustTheAuthorityOfTheCertificate(string name, string secret) =>
        Assert.Equal(secret, Manifests.Render(name).Single<k8s.Models.V1Pod>().Spec.Volumes.Single(v => v.Name == "ca").Secret.SecretName);

    [Fact]
    public void UnknownFieldOfACertificate_FailsTheStrictLoad() => Assert.ThrowsAny<Exception>(() =>
        Manifests.Parse(Manifests.Text("cert-manager").Replace("renewBefore:", "renewedBefore:", StringComparison.Ordinal)));
}
