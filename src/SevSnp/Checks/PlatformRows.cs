namespace SevSnp.Checks;

/// <summary>Rows C35 to C48 of the check table: the platform, and what a single report can and cannot show.</summary>
internal static class PlatformRows
{
    private const string Tcb = "AMD 56860, TCB_VERSION; AMD security bulletins";

    public static IReadOnlyList<CheckRule> All { get; } =
    [
        Row(
            CheckId.PlatformInfoIsAllowed,
            "Platform information",
            "The alias check has completed (bit 5) where the policy demands it, and the other bits are as every rule on them demands.",
            "Without the alias check a lying memory module can replay a measurement (BadRAM, CVE-2024-21944).",
            "AMD 56860, PLATFORM_INFO; AMD-SB-3015",
            "Update BIOS and SEV firmware of the host, or choose a host that meets the rules.",
            optional: true),
        Row(
            CheckId.ReportedTcbMeetsFloor,
            "Floor of the reported TCB",
            "REPORTED_TCB meets the floor for its product line and CPU in each component.",
            "Firmware with a published flaw can be made to sign anything.",
            Tcb,
            "Update the host's firmware, and fetch the certificate for the new TCB.",
            optional: true),
        Row(
            CheckId.CommittedTcbMeetsFloor,
            "Floor of the committed TCB",
            "COMMITTED_TCB meets the floor for its product line and CPU in each component.",
            "It is the version that the host can no longer go back below.",
            Tcb,
            "Update the host's firmware and commit it (SNP_COMMIT).",
            optional: true),
        Row(
            CheckId.TcbOrderHolds,
            "Order of the TCB versions",
            "REPORTED_TCB <= COMMITTED_TCB <= CURRENT_TCB in each component.",
            "The firmware compares packed numbers only, so a host may report a component that is not committed.",
            "AMD 56860, SNP_CONFIG and SNP_COMMIT",
            "Let the host commit its firmware and set a reported TCB that is not above the committed one."),
        Row(
            CheckId.LaunchTcbMeetsFloor,
            "Floor of the launch TCB",
            "LAUNCH_TCB meets the floor for its product line and CPU in each component.",
            "Secrets of a guest were set up under the firmware of its launch; a later update does not mend that.",
            Tcb,
            "Launch the guest again on the updated host.",
            optional: true),
        Row(
            CheckId.FirmwareVersionMeetsMinimum,
            "Firmware version",
            "Current and committed firmware version meet the minimum, compared as (major, minor, build).",
            "Some fixes are told by version and not by TCB.",
            "AMD 56860, ATTESTATION_REPORT",
            "Update the host's SEV firmware and commit it.",
            optional: true),
        Row(
            CheckId.MitigationsAreActive,
            "Mitigations",
            "Every demanded bit is set in both LAUNCH_MIT_VECTOR and CURRENT_MIT_VECTOR.",
            "From version 5 on some fixes are told by a mitigation bit; a report that does not state them shows none.",
            "AMD 56860, ABI 1.58, SNP_VERIFY_MITIGATION",
            "Update the host, let it verify the mitigation, and launch the guest again.",
            optional: true),
        Row(
            CheckId.CspIdIsAllowed,
            "Cloud provider",
            "The provider named by a VLEK is on every list of providers, compared as exact text.",
            "A VLEK speaks for whatever machines its provider runs, so each one is a choice.",
            "AMD 57230, cspID extension",
            "Name the provider in the policy's CspIds, or ask for a report signed by the VCEK.",
            optional: true),
        Row(
            CheckId.ProductAndChipAreAllowed,
            "Product line and chip",
            "Product line and CHIP_ID are on every list that allows, and on none that denies; a masked CHIP_ID is on none.",
            "Keys taken out of a chip sign any TCB: only its id, or its whole product line, can be refused.",
            "Operators' lists",
            "Run the guest on an allowed machine.",
            optional: true),
        Row(
            CheckId.IdentityFieldsAreNotZero,
            "Identity of the guest",
            "MEASUREMENT and REPORT_ID are not zero.",
            "A launched guest has both; zero is what an empty or aborted structure holds.",
            "AMD 56860, ATTESTATION_REPORT",
            "Genuine firmware makes no such report: tell its source."),
        Row(
            CheckId.EvidenceIsFresh,
            "Freshness",
            "REPORT_DATA held and its binding scheme carries a nonce that the caller chose for this report, or a challenge that was issued and not used before.",
            "Nothing else in a report says when it was made. Whether a nonce was used once is the caller's to see to.",
            "AMD 56860, REPORT_DATA; RFC 9334, section 10",
            "Send a fresh nonce, or ask for a challenge, and name a scheme that carries it.",
            optional: true),
        Row(
            CheckId.EvidenceIsNotReplayed,
            "Replay",
            "A challenge was issued to this tenant, has not expired, and was used up for this verdict alone. Other schemes are not checked: the library keeps no memory.",
            "An old report must not pass a second time. A caller who chooses nonces remembers them, or evidence ids, never signatures, which can be changed without breaking.",
            "RFC 9334, section 10",
            "Ask for a new challenge and for a report made with it; each serves once.",
            optional: true),
        Row(
            CheckId.SigningKeyIsAllowed,
            "Kind of signing key",
            "The report is signed by a kind of key that every list of kinds names: VCEK, VLEK or both.",
            "A VCEK speaks for one chip; a VLEK for whatever machines its provider runs.",
            "AMD 56860, KEY_INFO.SIGNING_KEY",
            "Ask the guest for a report signed by an allowed key, or allow the other kind in the policy's signing_keys.",
            optional: true),
        Row(
            CheckId.RequiredAdvisoriesAreMet,
            "Security bulletins",
            "The report shows for each bulletin that the policy demands that it is dealt with; a bulletin of which it cannot be told is not.",
            "A bulletin is what an operator knows by name; which floors and bits belong to it is looked up in the list of bulletins.",
            "AMD security bulletins; docs/advisories.md",
            "Update the host's firmware, let it commit, and launch the guest again; docs/advisories.md says what each bulletin asks for.",
            optional: true),
    ];

    private static CheckRule Row(CheckId id, string title, string mustHold, string why, string source, string remedy, bool optional = false) =>
        new(id, CheckStage.Content, optional, title, mustHold, why, source, remedy);
}
