namespace SevSnp.Checks;

/// <summary>Rows C20 to C23 of the check table.</summary>
internal static class BindingRows
{
    public static IReadOnlyList<CheckRule> All { get; } =
    [
        Row(
            CheckId.ReportSignatureIsValid,
            "Signature of the report",
            "The report is signed by the leaf's key.",
            "Only the firmware of a genuine chip has that key; without the signature a report is a text anyone can write.",
            "AMD 56860, ATTESTATION_REPORT; FIPS 186-5",
            "Check that the report was not changed on the way and that the certificate is for this chip and for REPORTED_TCB."),
        Row(
            CheckId.ReportedTcbMatchesCertificate,
            "TCB of report and certificate",
            "REPORTED_TCB equals the leaf's TCB in each component.",
            "The leaf's key is derived for one TCB version; another one in the report cannot be true.",
            "AMD 56860, REPORTED_TCB; AMD 57230, certificate extensions",
            "Fetch the certificate for REPORTED_TCB, not for CURRENT_TCB; a host may have to set its certificates again after an update."),
        Row(
            CheckId.ChipIdMatchesCertificate,
            "Chip of report and certificate",
            "CHIP_ID equals the hardware id of the VCEK: 64 bytes, on Turin 8 bytes with zeros behind.",
            "It tells a certificate of another chip from a changed report.",
            "AMD 57230, hwID extension",
            "Fetch the certificate of the chip that the report names.",
            optional: true),
        Row(
            CheckId.ChipIdIsNotMasked,
            "Masking of the chip id",
            "A report signed by a VCEK shows its CHIP_ID, or the policy allows a masked one.",
            "With a masked id neither allow-lists nor deny-lists of chips can work.",
            "AMD 56860, MASK_CHIP_ID",
            "Ask the host's operator to turn MASK_CHIP_ID off, or let the policy set UnsafeAllowMaskedChipId.",
            optional: true),
    ];

    private static CheckRule Row(CheckId id, string title, string mustHold, string why, string source, string remedy, bool optional = false) =>
        new(id, CheckStage.Binding, optional, title, mustHold, why, source, remedy);
}
