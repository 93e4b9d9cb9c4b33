using SevSnp.Checks;
using SevSnp.Launch;
using Layout = SevSnp.Reports.ReportLayout;

namespace SevSnp.Reports;

/// <summary>
/// The format rules C2 to C7 and C9 in the order of the report's fields. A report that breaks one does not exist as a value.
/// C1 is the length, checked before; C8 holds because nothing ever encodes a report again.
/// </summary>
internal static class ReportRules
{
    public static EvidenceFault? FirstFault(AttestationReport report) =>
        Version(report)
        ?? GuestPolicy(report)
        ?? SignatureAlgorithm(report)
        ?? KeyInfo(report)
        ?? ReservedBytes(report)
        ?? SignatureEncoding(report, "SIGNATURE R", Layout.SignatureR)
        ?? SignatureEncoding(report, "SIGNATURE S", Layout.SignatureS)
        ?? Tcbs(report);

    private static EvidenceFault? Version(AttestationReport report) => report.Version switch
    {
        >= 2 and <= 5 => null,

        // An SVSM guest that asks for a report at the wrong VMPL is given zeros.
        0 => new(CheckId.ReportVersionIsAllowed, "VERSION", Layout.Version, "must be 2, 3, 4 or 5, is 0: the firmware made no report (was it asked for at a VMPL that is not served?)"),
        uint other => new(CheckId.ReportVersionIsAllowed, "VERSION", Layout.Version, $"must be 2, 3, 4 or 5, is {other}"),
    };

    private static EvidenceFault? GuestPolicy(AttestationReport report) => report.Policy.IsWellFormed
        ? null
        : new(CheckId.GuestPolicyIsWellFormed, "POLICY", Layout.Policy, $"bit 17 must be one and bits 63 to 26 zero, is {report.Policy}");

    private static EvidenceFault? SignatureAlgorithm(AttestationReport report) => report.UInt32(Layout.SignatureAlgo) is var algorithm && algorithm == Layout.EcdsaP384Sha384
        ? null
        : new(CheckId.SignatureAlgorithmIsKnown, "SIGNATURE_ALGO", Layout.SignatureAlgo, $"must be 1 (ECDSA P-384 with SHA-384), is {algorithm}");

    private static EvidenceFault? KeyInfo(AttestationReport report)
    {
        uint info = report.UInt32(Layout.KeyInfo);
        uint signingKey = (info >> 2) & 7;
        string? rule = info switch
        {
            _ when (info & Layout.KeyInfoReserved) != 0 => $"bits 31 to 5 must be zero, is 0x{info:x}",
            _ when signingKey is not (Layout.SigningKeyVcek or Layout.SigningKeyVlek or Layout.SigningKeyNone) => $"SIGNING_KEY must be 0 (VCEK), 1 (VLEK) or 7 (none), is {signingKey}",

            // Firmware that masks the chip key signs nothing with it.
            _ when report.ChipKeyMasked && signingKey == Layout.SigningKeyVcek => "MASK_CHIP_KEY contradicts SIGNING_KEY 0 (VCEK)",
            _ => null,
        };
        return rule is null ? null : new(CheckId.SigningKeyIsNamed, "KEY_INFO", Layout.KeyInfo, rule);
    }

    private static EvidenceFault? ReservedBytes(AttestationReport report)
    {
        foreach ((int offset, int length) in Layout.Reserved(report.Version))
        {
            int bad = report.Bytes.Slice(offset, length).IndexOfAnyExcept((byte)0);
            if (bad >= 0)
            {
                return new(CheckId.ReservedBytesAreZero, "reserved", offset + bad, $"must be zero in version {report.Version}, is 0x{report.Bytes[offset + bad]:x2}");
            }
        }

        return null;
    }

    // The range 1 to n-1 is judged with the signature; here only the encoding, which anyone could change without breaking it.
    private static EvidenceFault? SignatureEncoding(AttestationReport report, string field, int offset)
    {
        int bad = report.Bytes.Slice(offset + Layout.Scalar, Layout.ScalarField - Layout.Scalar).IndexOfAnyExcept((byte)0);
        return bad < 0
            ? null
            : new(CheckId.SignatureIsWellFormed, field, offset + Layout.Scalar + bad, "the 24 top bytes of the 72-byte little-endian field must be zero");
    }

    // In version 2 the product, and so the layout, is known only with the certificate.
    private static EvidenceFault? Tcbs(AttestationReport report) =>
        report.CpuProduct is not ProductLine.Unknown and var product && !report.TryDecodeTcbs(product.TcbLayout(), out _, out EvidenceFault fault)
            ? fault
            : null;
}
