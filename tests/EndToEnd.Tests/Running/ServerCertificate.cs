using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>A certificate for localhost and its key, as files of a folder of their own.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;

    public ServerCertificate()
    {
        (string certificate, string key, Thumbprint) = Make();
        System.IO.File.WriteAllText(File, certificate);
        System.IO.File.WriteAllText(KeyFile, key);
    }

    public string Thumbprint { get; private set; }

    public string File => Path.Combine(_folder, "tls.crt");

    public string[] Settings => [$"--Server:Tls:CertificateFile={File}", $"--Server:Tls:KeyFile={KeyFile}"];

    private string KeyFile => Path.Combine(_folder, "tls.key");

    /// <summary>A client that takes this certificate and no other.</summary>
    public HttpClient Client(string address) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && server.Thumbprint == Thumbprint },
    })
    {
        BaseAddress = new Uri(address),
    };

    /// <summary>Puts another one in its place; for a time the files do not belong together.</summary>
    public async Task RotateAsync(TimeSpan between)
    {
        (string certificate, string key, Thumbprint) = Make();
        await System.IO.File.WriteAllTextAsync(File, certificate);
        await Task.Delay(between);
        await System.IO.File.WriteAllTextAsync(KeyFile, key);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string Certificate, string Key, string Thumbprint) Make()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.Thumbprint);
    }
}
