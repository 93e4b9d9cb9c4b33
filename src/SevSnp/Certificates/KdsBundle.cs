using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>
/// What AMD's key service would be asked for, as one PEM text that can be carried to where it cannot be reached: roots, intermediates,
/// VCEKs and revocation lists. The same content always gives the same bytes. Transport, never trust: <see cref="Verify"/> tells what holds.
/// </summary>
public sealed class KdsBundle
{
    /// <summary>Largest accepted file in bytes.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    /// <summary>Most certificates and lists in one bundle.</summary>
    public const int MaxEntries = 20_000;

    private const string Header = "-----BEGIN ";
    private const string Footer = "-----END ";
    private const string Dashes = "-----";
    private const string CertificateLabel = "CERTIFICATE";
    private const string ListLabel = "X509 CRL";
    private const int ChipIdSize = 64;

    private KdsBundle(AmdCertificate[] certificates, RevocationList[] lists) => (Certificates, RevocationLists) = (certificates, lists);

    /// <summary>The certificates: for each product line root, intermediates, then VCEKs by chip and TCB.</summary>
    public IReadOnlyList<AmdCertificate> Certificates { get; }

    /// <summary>The revocation lists, one for each product line: the one with the highest number.</summary>
    public IReadOnlyList<RevocationList> RevocationLists { get; }

    /// <summary>Puts a bundle together. Of what answers the same question the latest is kept: of lists by number, of certificates by their first day.</summary>
    /// <param name="certificates">Any roots, intermediates and VCEKs.</param>
    /// <param name="lists">Any lists.</param>
    /// <returns>The bundle, in its one order.</returns>
    /// <exception cref="ArgumentException">A certificate is a VLEK, which comes with a report and is asked for nowhere.</exception>
    public static KdsBundle Of(IEnumerable<AmdCertificate> certificates, IEnumerable<RevocationList> lists)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        ArgumentNullException.ThrowIfNull(lists);
        AmdCertificate[] all = [.. certificates];
        return all.Any(c => c.Role == CertificateRole.Vlek)
            ? throw new ArgumentException("A VLEK comes with a report and is asked for nowhere.", nameof(certificates))
            : new KdsBundle(
                [.. all.GroupBy(SortKey, StringComparer.Ordinal).Select(same => same.OrderBy(c => c.NotBefore).ThenBy(c => c.Sha256.ToString(), StringComparer.Ordinal).Last())
                    .OrderBy(SortKey, StringComparer.Ordinal)],
                [.. lists.GroupBy(l => l.Product).Select(same => same.OrderBy(l => l.Number ?? -1).ThenBy(l => l.ThisUpdate).ThenBy(l => Convert.ToHexStringLower(SHA384.HashData(l.Der.Span)), StringComparer.Ordinal).Last()).OrderBy(l => l.Product)]);
    }

    /// <summary>Reads a bundle. Text between the blocks is passed over; whatever looks like a block must be one.</summary>
    /// <param name="pem">The file.</param>
    /// <param name="bundle">The bundle, in its one order.</param>
    /// <param name="fault">Which entry was refused, by its number in the file.</param>
    /// <returns>True when every block was read.</returns>
    public static bool TryParse(ReadOnlySpan<byte> pem, [NotNullWhen(true)] out KdsBundle? bundle, out EvidenceFault fault)
    {
        bundle = null;
        if (pem.Length > MaxSize)
        {
            fault = Fault("file", $"must have at most {MaxSize} bytes");
            return false;
        }

        List<AmdCertificate> certificates = [];
        List<RevocationList> lists = [];
        ReadOnlySpan<char> rest = Encoding.Latin1.GetString(pem);
        for (int number = 1; ; number++)
        {
            int begin = rest.IndexOf(Header, StringComparison.Ordinal);
            if (begin < 0)
            {
                break;
            }

            if (number > MaxEntries)
            {
                fault = Fault("file", $"must have at most {MaxEntries} entries");
                return false;
            }

            rest = rest[begin..];
            ReadOnlySpan<char> block = Block(rest);
            if (!PemEncoding.TryFind(block, out PemFields fields) || fields.Location.Start.Value != 0)
            {
                fault = Fault($"entry {number}", "must be a PEM block");
                return false;
            }

            byte[] der = Convert.FromBase64String(block[fields.Base64Data].ToString());
            if (Add(block[fields.Label], der, certificates, lists) is { } refused)
            {
                fault = refused with { Field = $"entry {number}: {refused.Field}" };
                return false;
            }

            rest = rest[fields.Location.End..];
        }

        bundle = Of(certificates, lists);
        fault = default;
        return true;
    }

    /// <summary>The bundle as PEM, with a line before each entry that says what it is.</summary>
    /// <returns>ASCII text with LF line ends.</returns>
    public string ToPem()
    {
        StringBuilder text = new();
        foreach (AmdCertificate certificate in Certificates)
        {
            text.Append(Describe(certificate)).Append('\n').Append(PemEncoding.WriteString(CertificateLabel, certificate.Der.Span)).Append('\n');
        }

        foreach (RevocationList list in RevocationLists)
        {
            text.Append(Describe(list)).Append('\n').Append(PemEncoding.WriteString(ListLabel, list.Der.Span)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The chain of one product line and kind of leaf: intermediate, then root, as far as they are there.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The certificates.</returns>
    public CertificateBundle Chain(KeyKind kind, ProductLine product) => CertificateBundle.FromDer(
        Certificates.Where(c => c.Product == product && (c.Role == kind.LeafRole().Issuer() || c.Role == CertificateRole.Ark)).OrderByDescending(c => c.Role == kind.LeafRole().Issuer()).Select(c => c.Der));

    /// <summary>
    /// What does not hold: a root that is not pinned, or an intermediate, VCEK or list that is not signed up to a pinned root whose
    /// certificate is here too. What was once valid and is no longer is told apart by <see cref="KdsBundleFinding.IsExpired"/>.
    /// </summary>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time.</param>
    /// <returns>One finding for each entry that does not hold; empty when all do.</returns>
    public IReadOnlyList<KdsBundleFinding> Verify(TrustRoots roots, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(roots);
        List<KdsBundleFinding> findings = [];
        foreach (AmdCertificate certificate in Certificates)
        {
            Add(findings, Describe(certificate), FaultOf(certificate, roots, Within(at, certificate.NotAfter)), at > certificate.NotAfter);
        }

        foreach (RevocationList list in RevocationLists)
        {
            EvidenceFault? fault = AuthorityVerifier.VerifyRevocationList(list, Roots(list.Product), roots, Within(at, list.NextUpdate));
            Add(findings, Describe(list), fault, at > list.NextUpdate);
        }

        return findings;
    }

    /// <summary>What an entry is, in the words of the bundle file.</summary>
    /// <param name="certificate">A certificate.</param>
    /// <returns>For example <c>Milan Ask</c>, or an inventory's line of a VCEK.</returns>
    public static string Describe(AmdCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return ChipOf(certificate) is { } chip ? $"Vcek {chip.ToLine()}" : $"{certificate.Product} {certificate.Role}";
    }

    /// <summary>What an entry is, in the words of the bundle file.</summary>
    /// <param name="list">A revocation list.</param>
    /// <returns>For example <c>Milan revocation list</c>.</returns>
    public static string Describe(RevocationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return $"{list.Product} revocation list";
    }

    /// <summary>For which chip and TCB a VCEK was issued.</summary>
    /// <param name="certificate">A certificate.</param>
    /// <returns>The chip, or null for what is no VCEK.</returns>
    public static InventoryChip? ChipOf(AmdCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.Leaf is { HardwareId: { } id } leaf
            ? new InventoryChip(leaf.Product, new HexBytes([.. id.Span, .. new byte[ChipIdSize - id.Length]]), leaf.Tcb)
            : null;
    }

    // What begins here and the character behind its end; nothing, where another block begins before that. The platform's reader would look for a
    // whole block behind each beginning that has no end, through the whole file each time.
    private static ReadOnlySpan<char> Block(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf(Footer, StringComparison.Ordinal);
        if (end < 0 || text[Header.Length..end].Contains(Header, StringComparison.Ordinal))
        {
            return default;
        }

        int label = end + Footer.Length;
        int dashes = text[label..].IndexOf(Dashes, StringComparison.Ordinal);
        return dashes < 0 ? default : text[..Math.Min(text.Length, label + dashes + Dashes.Length + 1)];
    }

    // The moment within its life that is nearest: its signatures are looked at even when it is over.
    private static DateTimeOffset Within(DateTimeOffset at, DateTimeOffset to) => at > to ? to : at;

    private static void Add(List<KdsBundleFinding> findings, string entry, EvidenceFault? fault, bool isExpired)
    {
        if (fault is { } broken)
        {
            findings.Add(new KdsBundleFinding(entry, broken.ToString(), IsExpired: false));
        }
        else if (isExpired)
        {
            findings.Add(new KdsBundleFinding(entry, "is no longer valid", IsExpired: true));
        }
    }

    private EvidenceFault? FaultOf(AmdCertificate certificate, TrustRoots roots, DateTimeOffset at)
    {
        KeyKind kind = certificate.Role is CertificateRole.Asvk ? KeyKind.Vlek : KeyKind.Vcek;
        if (certificate.Role == CertificateRole.Ark)
        {
            // A pinned root is verified with each intermediate; alone it is of no use, and no fault.
            KeyKind[] kinds = [.. new[] { KeyKind.Vcek, KeyKind.Vlek }.Where(k => Chain(k, certificate.Product).Find(k.LeafRole().Issuer()) is not null)];
            return kinds.Length == 0
                ? new EvidenceFault(CheckId.CertificatesMatchProfile, "ARK", -1, "must be here with an intermediate")
                : AuthorityVerifier.VerifyIssuer(kinds[0], certificate.Product, Chain(kinds[0], certificate.Product), roots, at);
        }

        CertificateBundle chain = Chain(kind, certificate.Product);
        if (certificate.Role != CertificateRole.Vcek)
        {
            return AuthorityVerifier.VerifyIssuer(kind, certificate.Product, chain, roots, at);
        }

        List<CheckResult> checks = [];
        return ChainVerifier.TryVerify(kind, certificate.Product, CertificateBundle.FromDer([certificate.Der]).With(chain), roots, at, checks, out _)
            ? null
            : checks.Where(c => c.Status == CheckStatus.Failed).Select(c => new EvidenceFault(c.Id, "VCEK", -1, $"{c.Expected}; is {c.Actual}")).First();
    }

    private CertificateBundle Roots(ProductLine product) =>
        CertificateBundle.FromDer(Certificates.Where(c => c.Product == product && c.Role == CertificateRole.Ark).Select(c => c.Der));

    private static EvidenceFault? Add(ReadOnlySpan<char> label, byte[] der, List<AmdCertificate> certificates, List<RevocationList> lists)
    {
        if (label.SequenceEqual(CertificateLabel))
        {
            if (!AmdCertificate.TryParse(der, out AmdCertificate? certificate, out EvidenceFault fault))
            {
                return fault;
            }

            certificates.Add(certificate);
            return certificate.Role == CertificateRole.Vlek ? Fault("VLEK", "comes with a report and is asked for nowhere") : null;
        }

        if (!label.SequenceEqual(ListLabel))
        {
            return Fault("label", $"must be {CertificateLabel} or {ListLabel}");
        }

        if (!RevocationList.TryParse(der, out RevocationList? list, out EvidenceFault broken))
        {
            return broken;
        }

        lists.Add(list);
        return null;
    }

    private static EvidenceFault Fault(string field, string rule) => new(CheckId.CertificatesMatchProfile, field, -1, rule);

    // Same question, same name; in the order in which a reader looks for them.
    private static string SortKey(AmdCertificate certificate) => certificate.Role switch
    {
        CertificateRole.Ark => $"{(int)certificate.Product} 0",
        CertificateRole.Ask => $"{(int)certificate.Product} 1",
        CertificateRole.Asvk => $"{(int)certificate.Product} 2",
        _ => $"{(int)certificate.Product} 3 {Describe(certificate)}",
    };
}

/// <summary>An entry of a bundle that does not hold.</summary>
/// <param name="Entry">What it is, in the words of the file.</param>
/// <param name="Fault">Why.</param>
/// <param name="IsExpired">True when nothing but its time is over.</param>
public sealed record KdsBundleFinding(string Entry, string Fault, bool IsExpired);
