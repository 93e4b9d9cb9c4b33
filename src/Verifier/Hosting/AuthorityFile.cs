using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.Service.Hosting;

/// <summary>Files with certificate authorities, PEM.</summary>
internal static class AuthorityFile
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string NoCertificates = "must hold certificates in PEM";

    public static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    /// <summary>What is wrong with a file; null when it can be used.</summary>
    public static string? Fault(string file)
    {
        try
        {
            return Read(file).Count > 0 ? null : NoCertificates;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot be read ({e.GetType().Name})";
        }
        catch (CryptographicException)
        {
            return NoCertificates;
        }
    }

    /// <summary>How the certificate of a server is checked: by these authorities alone, or by the system's. Nothing is fetched for it.</summary>
    public static X509ChainPolicy ServerPolicy(string? file)
    {
        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (file is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Read(file));
        }

        return policy;
    }
}
