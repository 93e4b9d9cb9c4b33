using SevSnp.Firmware;

namespace SevSnp.Measurement;

/// <summary>A launch that keeps every rule: where its images lie, which sections count, and where its vCPUs start.</summary>
internal sealed class FirmwarePlan
{
    private readonly FirmwareLaunch _launch;
    private readonly Stage1Layout? _stage1;
    private readonly byte[] _vmsa = new byte[LaunchDigest.PageSize];

    private FirmwarePlan(FirmwareLaunch launch, Stage1Layout? stage1) => (_launch, _stage1) = (launch, stage1);

    // An SVSM's launch uses the sections of the SVSM; it reads those of the firmware itself later.
    private IReadOnlyList<FirmwareSection> Sections => (_launch.Svsm ?? _launch.Firmware).Sections;

    /// <summary>Checks a launch; null with a fault when it is refused.</summary>
    public static FirmwarePlan? Create(FirmwareLaunch launch, out FirmwareFault fault)
    {
        fault = FirmwareLaunchRules.FirstFault(launch);
        Stage1Layout? stage1 = null;
        if (fault != default
            || (launch is { Svsm: { } svsm, VarsSize: { } vars } && !Stage1Layout.TryCreate(launch.Firmware, svsm, vars, out stage1, out fault)))
        {
            return null;
        }

        FirmwarePlan plan = new(launch, stage1);
        fault = plan.SectionFault();
        return fault == default ? plan : null;
    }

    /// <summary>Adds an image whose end lies at an address.</summary>
    public static void AddImage(LaunchDigest digest, FirmwareImage image, long end = FirmwareLimits.TopOfMemory)
    {
        ReadOnlySpan<byte> bytes = image.Bytes.Span;
        ulong start = (ulong)(end - bytes.Length);
        for (int offset = 0; offset < bytes.Length; offset += LaunchDigest.PageSize)
        {
            digest.AddPage(PageType.Normal, start + (uint)offset, bytes.Slice(offset, LaunchDigest.PageSize));
        }
    }

    /// <summary>Measures images and sections.</summary>
    public LaunchDigest MeasureMemory(bool keepSteps)
    {
        LaunchDigest digest = new(keepSteps, _launch.FirmwareDigest ?? default);
        if (_launch.FirmwareDigest is null)
        {
            AddImage(digest, _launch.Firmware);
        }

        if (_launch.Svsm is { } svsm && _stage1 is { } layout)
        {
            AddImage(digest, svsm, layout.SvsmBase + svsm.Bytes.Length);
        }

        bool cpuidLast = _launch.Profile.MeasuresCpuidLast;
        foreach (FirmwareSection section in Sections.Where(s => !cpuidLast || s.Type != FirmwareSectionType.Cpuid))
        {
            AddSection(digest, section);
        }

        foreach (FirmwareSection section in Sections.Where(s => cpuidLast && s.Type == FirmwareSectionType.Cpuid))
        {
            AddSection(digest, section);
        }

        return digest;
    }

    /// <summary>Measures the save area of one vCPU.</summary>
    public void MeasureVcpu(LaunchDigest digest, int index)
    {
        uint entry = (_stage1, index) switch
        {
            ({ } stage1, _) => stage1.EntryPoint,
            (_, 0) => VmsaPage.BootEntryPoint,
            _ => _launch.Firmware.ApResetAddress ?? 0,
        };
        VmsaInputs inputs = new(entry, index == 0, _launch.Cpu ?? default, _launch.Features, _launch.EffectiveFpu);
        VmsaPage.Write(_vmsa, _launch.Profile.Vmsa, inputs);
        digest.AddPage(PageType.Vmsa, _launch.EffectiveVmsaGpa, _vmsa);
    }

    private void AddSection(LaunchDigest digest, FirmwareSection section)
    {
        if (section.Type == FirmwareSectionType.KernelHashes && _launch.Kernel is { } kernel)
        {
            byte[] page = new byte[LaunchDigest.PageSize];
            kernel.ToArray().CopyTo(page, (int)(_launch.Firmware.KernelHashesArea!.Value.Gpa - section.Gpa));
            digest.AddPage(PageType.Normal, section.Gpa, page);
            return;
        }

        PageType type = section.Type switch
        {
            FirmwareSectionType.SecMem => _launch.Profile.SecMemPageType,
            FirmwareSectionType.Secrets => PageType.Secrets,
            FirmwareSectionType.Cpuid => PageType.Cpuid,
            _ => PageType.Zero,
        };
        for (uint offset = 0; offset < section.Size; offset += LaunchDigest.PageSize)
        {
            digest.Add(type, section.Gpa + offset);
        }
    }

    // Between the images of a stage 1 launch lies the variable store, where no section may be either.
    private FirmwareFault SectionFault()
    {
        long lowest = _stage1?.SvsmBase ?? FirmwareLimits.TopOfMemory - _launch.Firmware.Bytes.Length;
        for (int i = 0; i < Sections.Count; i++)
        {
            if (Sections[i].Overlaps(lowest, FirmwareLimits.TopOfMemory))
            {
                return new FirmwareFault(FirmwareFaultId.SectionOverlap, $"SECTION[{i}].gpa", Found: Sections[i].Gpa);
            }
        }

        return default;
    }
}
