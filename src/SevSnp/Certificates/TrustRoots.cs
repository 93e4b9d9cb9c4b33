using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>The pinned roots. Nothing that arrives with evidence can add one.</summary>
public sealed class TrustRoots
{
    // SHA-384 of each ARK certificate as AMD's key service serves it, the whole DER. Computed on 2026-11-24 from the files that several
    // unrelated public projects carry (37 copies of Milan's, 12 of Genoa's, 10 of Turin's, all byte-equal), each self-signed and valid.
    // To check them: openssl x509 -in ark.pem -outform DER | sha384sum, of https://kdsintf.amd.com/vcek/v1/{product}/cert_chain.
    private static readonly (ProductLine Product, Digest384 Fingerprint)[] Pins =
    [
        (ProductLine.Milan, Pin("2f1316273dade9b896875da0acb6bc1c0547d41320ad323cbfbef6570f0305a3e7f8398d0b44bd1f36075295cefcc0db")),
        (ProductLine.Genoa, Pin("d1b7bcfe685d19e63ca792957371b619cee792db280c312e7a00433d506224d5953ad9d348d74b4e176fba1b6a616eac")),
        (ProductLine.Turin, Pin("09da21f0e7d04ac7f1b04306ebc5d65a3c0ebec966170d22fe26c44efcce8be3ed298a80d10fcfa4131c01028fe536d8")),
    ];

    private readonly AmdCertificate[] _extra;

    private TrustRoots(AmdCertificate[] extra) => _extra = extra;

    /// <summary>AMD's roots for Milan, Genoa and Turin, pinned by the SHA-384 of the whole certificate.</summary>
    public static TrustRoots Amd { get; } = new([]);

    /// <summary>True when roots that are not AMD's were added.</summary>
    public bool HasUnsafeExtraRoots => _extra.Length > 0;

    /// <summary>The certificates of the extra roots, so that evidence need not carry them.</summary>
    public IReadOnlyList<AmdCertificate> UnsafeExtraRoots => _extra;

    /// <summary>These roots and others that are not AMD's, for simulation. Every verdict they touch says so.</summary>
    /// <param name="roots">Self-signed root certificates in AMD's profile.</param>
    /// <returns>New roots.</returns>
    /// <exception cref="ArgumentException">One of them is no root certificate, is not signed by itself, or is AMD's.</exception>
    public TrustRoots WithUnsafeExtra(IEnumerable<AmdCertificate> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        AmdCertificate[] added = [.. roots];
        foreach (AmdCertificate root in added)
        {
            if (root.Role != CertificateRole.Ark || !root.HasSigned(root))
            {
                throw new ArgumentException($"A root must be a self-signed ARK certificate; this one is a {root.Role.Name()}.", nameof(roots));
            }

            if (IsAmd(root))
            {
                throw new ArgumentException("An ARK of AMD is pinned already and is not an extra root.", nameof(roots));
            }
        }

        return new TrustRoots([.. _extra.Concat(added).DistinctBy(r => r.Sha384)]);
    }

    /// <summary>True for a root that is pinned as AMD's own.</summary>
    internal static bool IsAmd(AmdCertificate root) => Array.Exists(Pins, pin => pin.Product == root.Product && pin.Fingerprint == root.Sha384);

    /// <summary>True for a root that was added for simulation.</summary>
    internal bool IsUnsafeExtra(AmdCertificate root) => Array.Exists(_extra, extra => extra.Sha384 == root.Sha384);

    private static Digest384 Pin(string hex) => Digest384.TryParse(hex, out Digest384 pin) ? pin : throw new FormatException("A pin is 96 hexadecimal digits.");
}
