using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Measurement;

/// <summary>How one VMM launches firmware: what it measures in which order, and how its vCPUs start. A new VMM is a new profile.</summary>
public sealed class FirmwareProfile
{
    /// <summary>The save area address of KVM and of every VMM here on Milan: the last page of 48 bits.</summary>
    public const ulong KvmVmsaGpa = 0xFFFF_FFFF_F000;

    private FirmwareProfile(string name, VmsaTemplate vmsa) => (Name, Vmsa) = (name, vmsa);

    /// <summary>QEMU with KVM and OVMF.</summary>
    public static FirmwareProfile QemuKvm { get; } = new("qemu", VmsaTemplate.QemuKvm);

    /// <summary>Amazon EC2.</summary>
    public static FirmwareProfile Ec2 { get; } = new("ec2", VmsaTemplate.Ec2) { DefaultFpu = FpuState.Zero, MeasuresCpuidLast = true };

    /// <summary>Amazon EC2 before its vCPUs started with 0x600 in RDX.</summary>
    public static FirmwareProfile Ec2Rdx0 { get; } = new("ec2-rdx0", VmsaTemplate.Ec2Rdx0) { DefaultFpu = FpuState.Zero, MeasuresCpuidLast = true };

    /// <summary>Google Compute Engine. On Genoa its save areas lie at 0xFFFFFFFFFF000.</summary>
    public static FirmwareProfile Gce { get; } = new("gce", VmsaTemplate.Gce) { DefaultFpu = FpuState.Zero, SecMemPageType = PageType.Unmeasured };

    /// <summary>QEMU with KVM and the older COCONUT-SVSM launch, from a stage 1 image below the firmware.</summary>
    public static FirmwareProfile Stage1Svsm { get; } = new("stage1", VmsaTemplate.Stage1Svsm) { IsStage1 = true };

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<FirmwareProfile> All { get; } = [QemuKvm, Ec2, Ec2Rdx0, Gce, Stage1Svsm];

    /// <summary>The name used in answers and records: <c>qemu</c>, <c>ec2</c>, <c>ec2-rdx0</c>, <c>gce</c> or <c>stage1</c>.</summary>
    public string Name { get; }

    /// <summary>The FPU words of a save area where nothing else is said.</summary>
    public FpuState DefaultFpu { get; private init; } = FpuState.Reset;

    /// <summary>True for the older COCONUT-SVSM launch, which takes two images.</summary>
    public bool IsStage1 { get; private init; }

    /// <summary>True where the signature of the virtual CPU is measured.</summary>
    public bool MeasuresCpuSignature => Vmsa.Rdx is null;

    internal VmsaTemplate Vmsa { get; }

    /// <summary>The page type of memory that the firmware uses from its start.</summary>
    internal PageType SecMemPageType { get; private init; } = PageType.Zero;

    /// <summary>True where CPUID pages come after all other sections.</summary>
    internal bool MeasuresCpuidLast { get; private init; }

    /// <summary>Finds a profile by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="profile">The profile, or null.</param>
    /// <returns>True when there is one.</returns>
    public static bool TryFromName(string? name, [NotNullWhen(true)] out FirmwareProfile? profile)
    {
        profile = All.FirstOrDefault(p => p.Name == name);
        return profile is not null;
    }

    /// <summary>The name.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Name;
}
