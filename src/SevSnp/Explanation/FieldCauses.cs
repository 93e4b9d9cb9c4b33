using SevSnp.Checks;

namespace SevSnp.Explanation;

/// <summary>What a failed check of one field means for the launch.</summary>
internal static class FieldCauses
{
    private static readonly Dictionary<CheckId, (string Id, string Meaning)> Words = new()
    {
        [CheckId.DebugIsOff] = ("DEBUG_IS_ALLOWED", "the guest policy lets the host read and change the guest's memory: nothing in this guest is secret, whatever was launched"),
        [CheckId.MigrationIsOff] = ("MIGRATION_IS_ALLOWED", "the guest policy lets a migration agent move the guest's memory elsewhere"),
        [CheckId.GuestPolicyIsAllowed] = ("GUEST_POLICY_DIFFERS", "the host launched the guest with another guest policy than is demanded, by the policy or by the registered file"),
        [CheckId.VmplIsAllowed] = ("VMPL_DIFFERS", "the report was asked for at another privilege level: what speaks for the SVSM must be asked for at VMPL 0"),
        [CheckId.GuestSvnMeetsMinimum] = ("GUEST_SVN_TOO_LOW", "the ID block names an older security version than is demanded: a rollback, or a release that was not signed anew"),
        [CheckId.IdBlockSignerIsAllowed] = ("SIGNER_DIFFERS", "the ID block was signed by another key than is demanded, or the guest was launched without one"),
        [CheckId.FamilyAndImageMatch] = ("FAMILY_OR_IMAGE_DIFFERS", "the ID block names another family or image"),
        [CheckId.HostDataMatches] = ("HOST_DATA_DIFFERS", "the host launched the guest with other host data"),
        [CheckId.ReportDataMatchesBinding] = ("REPORT_DATA_DIFFERS", "the report is for another nonce or content: an old or foreign one, or another scheme of binding"),
        [CheckId.PlatformInfoIsAllowed] = ("PLATFORM_SETTINGS_DIFFER", "the machine is set up in another way than is demanded"),
        [CheckId.ReportedTcbMeetsFloor] = ("PLATFORM_TOO_OLD", "the machine reports older firmware or microcode than is demanded"),
        [CheckId.CommittedTcbMeetsFloor] = ("PLATFORM_CAN_BE_ROLLED_BACK", "the machine has not committed to the firmware that is demanded, so its host can go back to an older one"),
        [CheckId.LaunchTcbMeetsFloor] = ("LAUNCHED_ON_OLD_PLATFORM", "the machine was older than is demanded when the guest was launched: launch it anew"),
        [CheckId.FirmwareVersionMeetsMinimum] = ("FIRMWARE_TOO_OLD", "the firmware is older than is demanded"),
    };

    public static IEnumerable<Cause> Of(IEnumerable<CheckResult> checks) => checks
        .Where(c => c.Status == CheckStatus.Failed && Words.ContainsKey(c.Id))
        .Select(c => new Cause(Words[c.Id].Id, $"{Words[c.Id].Meaning} (expected {c.Expected}, found {c.Actual})"));
}
