using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.TestKit.Redis;

/// <summary>A private authority and a certificate for a server on loopback, as PEM files in a directory.</summary>
public sealed class RedisCertificates
{
    private RedisCertificates(string directory) => CaFile = Path.Combine(directory, "ca.pem");

    /// <summary>Path of the authority's certificate.</summary>
    public string CaFile { get; }

    /// <summary>Path of the server's certificate.</summary>
    public string CertificateFile => Path.Combine(Path.GetDirectoryName(CaFile)!, "server.pem");

    /// <summary>Path of the server's key.</summary>
    public string KeyFile => Path.Combine(Path.GetDirectoryName(CaFile)!, "server.key");

    /// <summary>Makes the files.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="dnsName">The name in the server's certificate, beside 127.0.0.1.</param>
    /// <returns>Where the files are.</returns>
    public static RedisCertificates Create(string directory, string dnsName = "redis.test")
    {
        RedisCertificates files = new(directory);
        // Good also by the clock of a service that is years off: it may have to connect anew.
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddYears(-20), to = from.AddYears(60);
        using ECDsa caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // A name of its own, so that a file may hold the authorities of two servers.
        CertificateRequest caRequest = new($"CN=Test authority {RandomNumberGenerator.GetHexString(16)}", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 ca = caRequest.CreateSelfSigned(from, to);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=redis", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(dnsName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using X509Certificate2 certificate = request.Create(ca, from, to, RandomNumberGenerator.GetBytes(8));

        File.WriteAllText(files.CaFile, ca.ExportCertificatePem());
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
