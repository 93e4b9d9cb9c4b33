using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.Perf.Trials;

/// <summary>The certificate of a listener on localhost, which is its own authority.</summary>
internal sealed class ListenerCertificate
{
    public const string FileName = "tls.crt";

    private const string KeyName = "tls.key";

    private readonly string _thumbprint;

    private ListenerCertificate(string folder, string thumbprint)
    {
        _thumbprint = thumbprint;
        Settings = [$"--Server:Tls:CertificateFile={Path.Combine(folder, FileName)}", $"--Server:Tls:KeyFile={Path.Combine(folder, KeyName)}"];
    }

    public string[] Settings { get; }

    public static ListenerCertificate Write(string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(folder, FileName), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, KeyName), key.ExportPkcs8PrivateKeyPem());
        return new ListenerCertificate(folder, certificate.Thumbprint);
    }

    public bool IsThis(X509Certificate shown) => shown is X509Certificate2 certificate && certificate.Thumbprint == _thumbprint;
}
