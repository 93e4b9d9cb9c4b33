using SevSnp.Primitives;

namespace SevSnp.Firmware;

/// <summary>Names and rules of <see cref="FirmwareFaultId"/>.</summary>
public static class FirmwareFaults
{
    private static readonly Dictionary<FirmwareFaultId, string> Rules = new()
    {
        [FirmwareFaultId.TooSmall] = "must be long enough for a footer",
        [FirmwareFaultId.TooLarge] = "must not exceed 64 MiB",
        [FirmwareFaultId.NotPageMultiple] = "must be a multiple of 4096",
        [FirmwareFaultId.NoFooter] = "must be the footer GUID 96b582de-1fb2-45f7-baea-a366c55a082d",
        [FirmwareFaultId.FooterSize] = "must be the size of a table that holds its footer and lies within the file",
        [FirmwareFaultId.EntrySize] = "must cover size and GUID, and end within the table",
        [FirmwareFaultId.DuplicateEntry] = "must occur once",
        [FirmwareFaultId.ResetEntry] = "must be 22, for 4 bytes of data",
        [FirmwareFaultId.HashesEntry] = "must be 26, for 8 bytes of data",
        [FirmwareFaultId.SvsmEntry] = "must be 22, for 4 bytes of data",
        [FirmwareFaultId.MetadataEntry] = "must be 22, for 4 bytes of data",
        [FirmwareFaultId.NoMetadata] = "must have an entry for SEV metadata: this firmware is not made for SEV-SNP",
        [FirmwareFaultId.MetadataOffset] = "must lead from the end of the file to a place within it",
        [FirmwareFaultId.MetadataSignature] = "must be the letters ASEV",
        [FirmwareFaultId.MetadataVersion] = "must be 1",
        [FirmwareFaultId.MetadataLength] = "must be 16, and 12 more for each section, and end within the file",
        [FirmwareFaultId.SectionCount] = "must be from 1 to 64",
        [FirmwareFaultId.SectionType] = "must be a known section type",
        [FirmwareFaultId.SectionAlignment] = "must be a multiple of 4096",
        [FirmwareFaultId.SectionSize] = "must be one page for secrets, CPUID and kernel hashes, else end below 4 GiB and with all others stay within 1 GiB",
        [FirmwareFaultId.SectionOverlap] = "must not overlap another section, an image, or what lies between two images",
        [FirmwareFaultId.NoResetBlock] = "must have an entry for the AP reset address",
        [FirmwareFaultId.ApReset] = "must not be zero when there is more than one vCPU",
        [FirmwareFaultId.NoKernelHashesSection] = "must have a section for kernel hashes when a kernel is given: only firmware of the AmdSev flavour checks them",
        [FirmwareFaultId.HashesTable] = "must place 176 bytes within the page of the kernel hashes section",
        [FirmwareFaultId.InitrdWithoutKernel] = "must not be given without a kernel",
        [FirmwareFaultId.AppendWithoutKernel] = "must not be given without a kernel",
        [FirmwareFaultId.Vcpus] = "must be from 1 to 4096",
        [FirmwareFaultId.Cpu] = "must be given: this profile measures the CPU signature",
        [FirmwareFaultId.GuestFeatures] = "must have bit 0 (SNPActive), no reserved bit, and no other bit in a stage 1 launch",
        [FirmwareFaultId.VmsaGpa] = "must be the address of a page below 2^52",
        [FirmwareFaultId.FirmwareDigest] = "must not be zero",
        [FirmwareFaultId.Profile] = "must fit the profile: an SVSM image and its variable store belong to a stage 1 launch alone, kernel hashes to every other",
        [FirmwareFaultId.VarsSize] = "must be a multiple of 4096 that leaves room for both images below 4 GiB",
        [FirmwareFaultId.NoSvsmInfo] = "must have an entry for the SVSM entry point: this is not a stage 1 image",
        [FirmwareFaultId.SvsmEntryPoint] = "must lie within the image",
    };

    private static readonly Dictionary<FirmwareFaultId, string> Names = Rules.Keys.ToDictionary(id => id, id => UpperSnake.Of(id.ToString()));

    /// <summary>All faults.</summary>
    public static IReadOnlyList<FirmwareFaultId> All { get; } = [.. Rules.Keys.Order()];

    /// <summary>The rule behind a fault, without a full stop.</summary>
    /// <param name="id">A fault; not <see cref="FirmwareFaultId.None"/>.</param>
    /// <returns>What must hold.</returns>
    public static string RuleOf(FirmwareFaultId id) => Rules.GetValueOrDefault(id, "no rule is broken");

    /// <summary>The name used in answers, logs and documents, for example <c>SECTION_OVERLAP</c>.</summary>
    /// <param name="id">A fault.</param>
    /// <returns>The name; <c>NONE</c> for <see cref="FirmwareFaultId.None"/>.</returns>
    public static string WireName(this FirmwareFaultId id) => Names.GetValueOrDefault(id, "NONE");
}
