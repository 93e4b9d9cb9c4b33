using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.Service.Hosting;

/// <summary>A server certificate with its chain and the fingerprint of the files it was read from.</summary>
internal sealed class TlsCertificate
{
    private TlsCertificate(SslStreamCertificateContext context, string filesHash, DateTime notAfter)
    {
        Context = context;
        FilesHash = filesHash;
        NotAfter = notAfter;
    }

    public SslStreamCertificateContext Context { get; }

    public string FilesHash { get; }

    public DateTime NotAfter { get; }

    public static bool TryLoad(TlsOptions options, [NotNullWhen(true)] out TlsCertificate? certificate, out string fault)
    {
        certificate = null;
        fault = "";
        try
        {
            string pem = File.ReadAllText(options.CertificateFile!);
            string key = File.ReadAllText(options.KeyFile!);
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(pem, key);
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(pem);
            certificate = new TlsCertificate(SslStreamCertificateContext.Create(leaf, chain, offline: true), Hash(pem, key), leaf.NotAfter);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"Server:Tls: cannot read {(File.Exists(options.CertificateFile) ? "KeyFile" : "CertificateFile")} ({e.GetType().Name})";
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            fault = "Server:Tls: CertificateFile and KeyFile must hold a certificate and its private key in PEM";
        }

        return false;
    }

    /// <summary>The hash of the files as they are now, or null when they cannot be read.</summary>
    public static string? HashOfFiles(TlsOptions options)
    {
        try
        {
            return Hash(File.ReadAllText(options.CertificateFile!), File.ReadAllText(options.KeyFile!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Hash(string pem, string key) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{pem}\0{key}")));
}
