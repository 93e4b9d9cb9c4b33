using System.Formats.Asn1;
using System.Text;
using SevSnp.Checks;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>Collects what one source brings: byte-equal parts once, a bounded number of them, and the faults.</summary>
internal sealed class CertificateBundleBuilder(VerifiedCertificates? known = null)
{
    private const string RevocationListLabel = "X509 CRL";

    private readonly List<AmdCertificate> _certificates = [];
    private readonly List<RevocationList> _lists = [];
    private readonly List<EvidenceFault> _faults = [];
    private int _parts;

    /// <summary>True once the source brought too much; the rest of it need not be looked at, the bundle is refused anyway.</summary>
    public bool IsFull { get; private set; }

    private string Part => $"part {_parts}:";

    /// <summary>PEM text or a DER element, by the first byte.</summary>
    public static bool IsPemOrDer(ReadOnlySpan<byte> blob) => blob is [(byte)'-' or 0x30, ..];

    public void AddCertificate(ReadOnlySpan<byte> der)
    {
        _parts++;
        EvidenceFault fault = default;
        if ((known is null || !known.TryFind(der, out AmdCertificate? certificate)) && !AmdCertificate.TryParse(der, out certificate, out fault))
        {
            AddFault(fault with { Field = $"{Part} {fault.Field}" });
        }
        else if (!_certificates.Exists(c => c.Sha384 == certificate.Sha384) && HasRoom(_certificates.Count))
        {
            _certificates.Add(certificate);
        }
    }

    public void AddRevocationList(ReadOnlySpan<byte> der)
    {
        _parts++;
        EvidenceFault fault = default;
        if ((known is null || !known.TryFind(der, out RevocationList? list)) && !RevocationList.TryParse(der, out list, out fault))
        {
            AddFault(fault with { Field = $"{Part} {fault.Field}" });
        }
        else if (!_lists.Exists(l => l.Sha384 == list.Sha384) && HasRoom(_lists.Count))
        {
            _lists.Add(list);
        }
    }

    /// <summary>Adds PEM text or one element of DER.</summary>
    /// <param name="blob">The content.</param>
    /// <param name="single">PEM text may hold one block only.</param>
    public void AddBlob(ReadOnlySpan<byte> blob, bool single = false)
    {
        if (blob is [(byte)'-', ..])
        {
            // Bytes that are not ASCII become question marks, which no rule of PEM allows. One byte too many is enough to be too long.
            AddPem(Encoding.ASCII.GetString(blob[..Math.Min(blob.Length, CertificateBundle.MaxSize + 1)]), single);
        }
        else if (IsRevocationList(blob))
        {
            AddRevocationList(blob);
        }
        else
        {
            AddCertificate(blob);
        }
    }

    public void AddPem(ReadOnlySpan<char> pem, bool single = false)
    {
        if (pem.Length > CertificateBundle.MaxSize)
        {
            AddFault(new EvidenceFault(CheckId.CertificatesMatchProfile, "PEM", -1, $"must have at most {CertificateBundle.MaxSize} characters"));
            return;
        }

        PemReader reader = new(pem, "CERTIFICATE", RevocationListLabel);
        int blocks = 0;
        while (!IsFull && reader.TryNext(out byte[] der))
        {
            if (single && ++blocks > 1)
            {
                AddFault(new EvidenceFault(CheckId.CertificatesMatchProfile, $"{Part} PEM", -1, "must hold one certificate where a table has its place for one"));
                return;
            }

            if (reader.Label == RevocationListLabel)
            {
                AddRevocationList(der);
            }
            else
            {
                AddCertificate(der);
            }
        }

        if (reader.Fault is { } fault)
        {
            AddFault(new EvidenceFault(CheckId.CertificatesMatchProfile, $"PEM line {fault.Line}", -1, fault.Rule));
        }
        else if (_parts == 0)
        {
            AddFault(new EvidenceFault(CheckId.CertificatesMatchProfile, "PEM", -1, "must hold a certificate"));
        }
    }

    public CertificateBundle Build(bool isFromTable) => new([.. _certificates], [.. _lists], [.. _faults], isFromTable);

    // A list begins with its version, a certificate wraps it in a tag.
    private static bool IsRevocationList(ReadOnlySpan<byte> der) =>
        AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out _, out int outer, out int outerLength, out _)
        && AsnDecoder.TryReadEncodedValue(der.Slice(outer, outerLength), AsnEncodingRules.DER, out _, out int inner, out int innerLength, out _)
        && innerLength > 0
        && der[outer + inner] == 0x02;

    private bool HasRoom(int count)
    {
        if (count < CertificateBundle.MaxCertificates)
        {
            return true;
        }

        IsFull = true;
        AddFault(new EvidenceFault(CheckId.CertificatesMatchProfile, Part, -1, $"there must be at most {CertificateBundle.MaxCertificates}"));
        return false;
    }

    // One broken part refuses the evidence; a dozen more would say nothing new.
    private void AddFault(EvidenceFault fault)
    {
        _faults.Add(fault);
        IsFull |= _faults.Count >= CertificateBundle.MaxCertificates;
    }
}
