namespace SevSnp.Checks;

/// <summary>Rows C24 to C34 of the check table: what the guest is and how it was launched.</summary>
internal static class GuestRows
{
    private const string IdBlock = "AMD 56860, ID block and SNP_LAUNCH_FINISH";
    private const string Policy = "AMD 56860, guest policy structure";

    public static IReadOnlyList<CheckRule> All { get; } =
    [
        Row(
            CheckId.GuestSvnMeetsMinimum,
            "Security version of the guest",
            "GUEST_SVN is at least the minimum stated together with the signer that gives it meaning.",
            "Whoever writes the ID block chooses the number, so it means something only under a pinned key.",
            IdBlock,
            "Launch a release with a higher GUEST_SVN, signed by the pinned ID key.",
            optional: true),
        Row(
            CheckId.MeasurementIsRegistered,
            "Launch measurement",
            "No tombstone names the launch measurement, and a usable reference value has it, with all its constraints met.",
            "The measurement is what says which software was launched; one that nobody registered says nothing.",
            "AMD 56860, MEASUREMENT; design of the registry",
            "Register the release that was launched, or launch one that is registered; the detail says why each candidate failed.",
            optional: true),
        Row(
            CheckId.ReportDataMatchesBinding,
            "Report data",
            "REPORT_DATA is what the named binding scheme gives, all 64 bytes.",
            "It is the only field that the guest fills by itself: it binds the report to this caller, this time and this peer.",
            "AMD 56860, REPORT_DATA; AMD 58019, attestation protocol",
            "Check that the nonce is the one sent for this report and that the scheme is the one the guest uses.",
            optional: true),
        Row(
            CheckId.HostDataMatches,
            "Host data",
            "HOST_DATA is the expected value, all 32 bytes.",
            "The host chooses it at launch: it shows what the guest was told, nothing about the host.",
            "AMD 56860, HOST_DATA",
            "Launch the guest with the expected HOST_DATA, or correct the expectation.",
            optional: true),
        Row(
            CheckId.IdBlockSignerIsAllowed,
            "Signer of the ID block",
            "The ID key and author key digests agree with AUTHOR_KEY_EN and are allowed by every rule on the signer.",
            "The host may launch the same image with an ID block of its own; only the pinned key tells them apart.",
            IdBlock,
            "Launch with an ID block signed by a pinned key, or pin the key that signed this one."),
        Row(
            CheckId.IdBlockFieldsAreConsistent,
            "Fields of the ID block",
            "Without an ID block, GUEST_SVN, FAMILY_ID and IMAGE_ID are zero.",
            "The firmware fills these fields from the ID block alone.",
            IdBlock,
            "Genuine firmware makes no such report: tell its source."),
        Row(
            CheckId.FamilyAndImageMatch,
            "Family and image id",
            "FAMILY_ID and IMAGE_ID are the ones expected from the pinned signer.",
            "They tell the products of one signer apart.",
            IdBlock,
            "Launch the expected image, or correct the expected ids.",
            optional: true),
        Row(
            CheckId.VmplIsAllowed,
            "VMPL",
            "The VMPL is from 0 to 3 and in the allowed set.",
            "Software at a lower privilege must not speak for an SVSM at VMPL 0, and a report that the host asked for must not speak for a guest.",
            "AMD 56860, MSG_REPORT_REQ",
            "Ask for the report at the allowed VMPL: through the SVSM for 0, or let the policy name the guest's level."),
        Row(
            CheckId.DebugIsOff,
            "Debugging",
            "The guest policy forbids debugging (bit 19 is clear), or the policy allows it.",
            "With it the host may read and change all memory of the guest, and the measurement does not show it.",
            Policy,
            "Launch the guest without the debug bit.",
            optional: true),
        Row(
            CheckId.MigrationIsOff,
            "Migration agent",
            "The guest policy forbids a migration agent (bit 18 is clear) and none is bound, or the policy allows one.",
            "A migration agent holds the guest's keys and is not judged here.",
            Policy,
            "Launch the guest without the migration bit.",
            optional: true),
        Row(
            CheckId.GuestPolicyIsAllowed,
            "Guest policy",
            "The other guest policy bits and the least ABI version are as every rule on them demands.",
            "They say what the host was allowed to do with the guest.",
            Policy,
            "Launch the guest with a policy that the rules accept; expected and actual show the bits.",
            optional: true),
    ];

    private static CheckRule Row(CheckId id, string title, string mustHold, string why, string source, string remedy, bool optional = false) =>
        new(id, CheckStage.Content, optional, title, mustHold, why, source, remedy);
}
