namespace SevSnp.Checks;

/// <summary>Rows C1 to C9 of the check table.</summary>
internal static class FormatRows
{
    private const string Layout = "AMD 56860, ATTESTATION_REPORT";

    public static IReadOnlyList<CheckRule> All { get; } =
    [
        Row(
            CheckId.ReportLengthIsExact,
            "Length of the report",
            "The report is exactly 1184 bytes long.",
            "Bytes in front of or behind a report are not signed and could be read as something else.",
            Layout,
            "Send the report alone: cut off the header of a device response or the padding of a page."),
        Row(
            CheckId.ReportVersionIsAllowed,
            "Version of the report",
            "The version is 2, 3, 4 or 5, and not below the minimum of policy, reference value and request.",
            "An unknown version has an unknown layout; before version 3 a report names neither its CPU nor the alias check.",
            Layout,
            "Update the SEV firmware of the host, or let the policy name the lower version."),
        Row(
            CheckId.ReservedBytesAreZero,
            "Reserved bytes",
            "Every reserved byte of the report's version is zero, those behind the signature included.",
            "What has no meaning today may get one; and bytes behind the signature can be changed by anyone.",
            Layout,
            "Send the report as the firmware made it; if it is, the firmware is newer than this verifier."),
        Row(
            CheckId.GuestPolicyIsWellFormed,
            "Form of the guest policy",
            "Guest policy bit 17 is one and bits 63 to 26 are zero.",
            "Firmware launches no other guests, so another value is a damaged report or an unknown format.",
            "AMD 56860, guest policy structure",
            "Send the report as the firmware made it; if it is, the firmware is newer than this verifier."),
        Row(
            CheckId.SigningKeyIsNamed,
            "Signing key",
            "The report says that a VCEK or a VLEK signed it.",
            "A report may come without a signature: when the host masks the chip's key, anyone could have written it.",
            "AMD 56860, ATTESTATION_REPORT, KEY_INFO.SIGNING_KEY",
            "Ask the host's operator to turn MASK_CHIP_KEY off or to load a VLEK."),
        Row(
            CheckId.SignatureAlgorithmIsKnown,
            "Signature algorithm",
            "SIGNATURE_ALGO is 1: ECDSA P-384 with SHA-384.",
            "It is the only algorithm defined; another one cannot be checked.",
            "AMD 56860, signature algorithm encodings",
            "Send the report as the firmware made it."),
        Row(
            CheckId.SignatureIsWellFormed,
            "Form of the signature",
            "R and S are 72-byte little-endian fields whose 24 top bytes are zero, each from 1 to n-1.",
            "Out-of-range values have forged signatures in careless libraries, and loose encodings give one report many forms.",
            "AMD 56860, ECDSA P-384 signature; FIPS 186-5",
            "Send the report as the firmware made it."),
        Row(
            CheckId.SignatureCoversReceivedBytes,
            "What the signature covers",
            "The signature is checked over the 672 bytes as received, never over a re-encoded structure.",
            "A structure written again can differ from what was signed, in either direction.",
            Layout,
            "Never fails by itself: look at the check that stopped the verification before it."),
        Row(
            CheckId.TcbReservedBytesAreZero,
            "Reserved bytes of the TCB versions",
            "In the layout of the product line the reserved bytes of all four TCB versions are zero.",
            "A TCB version read in the wrong layout gives plausible, wrong numbers; the reserved bytes tell most of them apart.",
            "AMD 56860, TCB_VERSION; AMD 57230",
            "Check that report and certificate come from the same machine."),
    ];

    private static CheckRule Row(CheckId id, string title, string mustHold, string why, string source, string remedy) =>
        new(id, CheckStage.Format, IsOptional: false, title, mustHold, why, source, remedy);
}
