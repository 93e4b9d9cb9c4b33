using SevSnp.Firmware;

namespace SevSnp.Measurement;

/// <summary>What must hold between the inputs of a launch. Looks at everything before anything is measured.</summary>
internal static class FirmwareLaunchRules
{
    private const SevFeatures AllFeatures = SevFeatures.SnpActive | SevFeatures.Vtom | SevFeatures.ReflectVc | SevFeatures.RestrictedInjection
        | SevFeatures.AlternateInjection | SevFeatures.DebugSwap | SevFeatures.PreventHostIbs | SevFeatures.BtbIsolation | SevFeatures.VmplSss
        | SevFeatures.SecureTsc | SevFeatures.VmgexitParameter | SevFeatures.IbsVirtualization | SevFeatures.VmsaRegProt
        | SevFeatures.SmtProtection | SevFeatures.SecureAvic | SevFeatures.IbpbOnEntry;

    private const ulong EndOfAddresses = 1UL << 52;

    /// <summary>The first rule that a launch breaks; no fault when it breaks none.</summary>
    public static FirmwareFault FirstFault(FirmwareLaunch launch)
    {
        FirmwareFault fault = CheckInputs(launch);
        fault = fault == default ? CheckMachine(launch) : fault;
        return fault != default || launch.Profile.IsStage1 ? fault : CheckFirmware(launch);
    }

    private static FirmwareFault CheckInputs(FirmwareLaunch launch)
    {
        bool stage1 = launch.Profile.IsStage1;
        if (stage1 != launch.Svsm is not null)
        {
            return new FirmwareFault(FirmwareFaultId.Profile, "SVSM image");
        }

        if (stage1 != launch.VarsSize.HasValue)
        {
            return new FirmwareFault(FirmwareFaultId.Profile, "variable store size");
        }

        if (stage1 && launch.Kernel is not null)
        {
            return new FirmwareFault(FirmwareFaultId.Profile, "kernel");
        }

        return launch.FirmwareDigest is { IsZero: true } ? new FirmwareFault(FirmwareFaultId.FirmwareDigest, "firmware digest") : default;
    }

    private static FirmwareFault CheckMachine(FirmwareLaunch launch)
    {
        if (launch.Vcpus is < 1 or > FirmwareLimits.MaxVcpus)
        {
            return new FirmwareFault(FirmwareFaultId.Vcpus, "vCPUs", Found: unchecked((ulong)launch.Vcpus));
        }

        if (launch.Profile.MeasuresCpuSignature && launch.Cpu is null)
        {
            return new FirmwareFault(FirmwareFaultId.Cpu, "CPU signature");
        }

        // A stage 1 image brings up its other privilege levels itself, and its launch allows for no further feature.
        bool known = launch.Features.HasFlag(SevFeatures.SnpActive) && (launch.Features & ~AllFeatures) == 0;
        if (!known || (launch.Profile.IsStage1 && launch.Features != SevFeatures.SnpActive))
        {
            return new FirmwareFault(FirmwareFaultId.GuestFeatures, "SEV_FEATURES", Found: (ulong)launch.Features);
        }

        return launch.EffectiveVmsaGpa % FirmwareLimits.PageSize != 0 || launch.EffectiveVmsaGpa >= EndOfAddresses
            ? new FirmwareFault(FirmwareFaultId.VmsaGpa, "VMSA address", Found: launch.EffectiveVmsaGpa)
            : default;
    }

    private static FirmwareFault CheckFirmware(FirmwareLaunch launch)
    {
        if (launch.Firmware.ApResetAddress is not { } reset)
        {
            return new FirmwareFault(FirmwareFaultId.NoResetBlock, "FOOTER");
        }

        if (reset == 0 && launch.Vcpus > 1)
        {
            return new FirmwareFault(FirmwareFaultId.ApReset, "SEV_ES_RESET_BLOCK.address", Found: reset);
        }

        return launch.Kernel is null ? default : CheckKernelHashes(launch.Firmware);
    }

    private static FirmwareFault CheckKernelHashes(FirmwareImage firmware)
    {
        FirmwareSection[] sections = [.. firmware.Sections.Where(s => s.Type == FirmwareSectionType.KernelHashes)];
        if (sections.Length == 0)
        {
            return new FirmwareFault(FirmwareFaultId.NoKernelHashesSection, "SEV_METADATA");
        }

        KernelHashesArea area = firmware.KernelHashesArea ?? default;
        uint offset = area.Gpa % FirmwareLimits.PageSize;
        if (sections.Any(s => s.Gpa != area.Gpa - offset) || offset > FirmwareLimits.PageSize - KernelHashes.TableSize)
        {
            return new FirmwareFault(FirmwareFaultId.HashesTable, "SEV_HASH_TABLE.base", Found: area.Gpa);
        }

        return area.Gpa == 0 || area.Size < KernelHashes.TableSize
            ? new FirmwareFault(FirmwareFaultId.HashesTable, "SEV_HASH_TABLE.size", Found: area.Size)
            : default;
    }
}
