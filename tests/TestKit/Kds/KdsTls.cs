using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.TestKit.Kds;

/// <summary>TLS certificates for <see cref="FakeKds"/>: one authority, and good and bad servers. Nothing to do with AMD's hierarchy.</summary>
public sealed class KdsTls : IDisposable
{
    private readonly X509Certificate2 _authority;

    /// <summary>Makes an authority.</summary>
    public KdsTls()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Test TLS authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-400), DateTimeOffset.UtcNow.AddDays(400));
    }

    /// <summary>The authority's certificate, PEM.</summary>
    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A good certificate for localhost.</summary>
    /// <returns>Certificate with key.</returns>
    public X509Certificate2 Good() => Issue("localhost", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

    /// <summary>A certificate of the authority that ended yesterday.</summary>
    /// <returns>Certificate with key.</returns>
    public X509Certificate2 Expired() => Issue("localhost", DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(-1));

    /// <summary>A certificate of the authority for another host.</summary>
    /// <returns>Certificate with key.</returns>
    public X509Certificate2 WrongHost() => Issue("kds.example", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

    /// <summary>A certificate for localhost that nobody vouches for.</summary>
    /// <returns>Certificate with key.</returns>
    public static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Loaded(Request("localhost", key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)));
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private X509Certificate2 Issue(string host, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = Request(host, key).Create(_authority, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return Loaded(certificate.CopyWithPrivateKey(key));
    }

    private static CertificateRequest Request(string host, ECDsa key)
    {
        CertificateRequest request = new($"CN={host}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request;
    }

    // A server wants a certificate whose key lives as long as it does.
    private static X509Certificate2 Loaded(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }
}
