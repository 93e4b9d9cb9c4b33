using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using SevSnp.Certificates;

namespace Verifier.Service.Pipeline;

/// <summary>Roots beyond AMD's. Section <c>Trust</c>.</summary>
internal sealed class TrustOptions
{
    public const string Section = "Trust";

    /// <summary>PEM files of roots that are not AMD's, for simulation. Every verdict they touch says so. Default: none.</summary>
    public string[] UnsafeExtraRoots { get; set; } = [];

    /// <summary>
    /// Most certificates and revocation lists that are kept because they have verified a report, 16 to 1,000,000: a report with one of them is
    /// verified without its chain's signatures. Default: 4096.
    /// </summary>
    public int VerifiedCertificates { get; set; } = 4096;

    /// <summary>AMD's roots and those of the files.</summary>
    public bool TryRead([NotNullWhen(true)] out TrustRoots? roots, out IReadOnlyList<string> faults)
    {
        List<string> found = [];
        List<AmdCertificate> extra = [];
        foreach ((int i, string file) in UnsafeExtraRoots.Index())
        {
            (AmdCertificate? root, string fault) = ReadRoot(file);
            if (root is null)
            {
                found.Add($"Trust:UnsafeExtraRoots:{i}: {fault}");
            }
            else
            {
                extra.Add(root);
            }
        }

        faults = found;
        roots = found.Count > 0 ? null : extra.Count == 0 ? TrustRoots.Amd : TrustRoots.Amd.WithUnsafeExtra(extra);
        return roots is not null;
    }

    private static (AmdCertificate? Root, string Fault) ReadRoot(string file)
    {
        string pem;
        try
        {
            pem = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"cannot be read ({e.GetType().Name})");
        }

        if (pem.Length > CertificateBundle.MaxSize)
        {
            return (null, "is too large for a certificate");
        }

        CertificateBundle bundle = CertificateBundle.FromPem(pem);
        if (bundle is not { Faults.Count: 0, Certificates: [{ Role: CertificateRole.Ark } root] })
        {
            return (null, bundle.Faults.Count > 0 ? bundle.Faults[0].ToString() : "must hold exactly one root certificate (ARK) in PEM");
        }

        try
        {
            TrustRoots.Amd.WithUnsafeExtra([root]);
            return (root, "");
        }
        catch (ArgumentException)
        {
            return (null, "must be signed by itself and not be one of AMD's own roots, which are trusted anyway");
        }
    }
}

/// <summary>What must hold of <see cref="TrustOptions"/> before the service starts.</summary>
internal sealed class TrustOptionsValidator : IValidateOptions<TrustOptions>
{
    public ValidateOptionsResult Validate(string? name, TrustOptions options)
    {
        bool isRead = options.TryRead(out _, out IReadOnlyList<string> faults);
        return options.VerifiedCertificates is < 16 or > 1_000_000 ? ValidateOptionsResult.Fail([.. faults, "Trust:VerifiedCertificates: must be 16 to 1000000"])
            : isRead ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults);
    }
}
