using System.Globalization;
using SevSnp.Firmware;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>Everything that decides the launch measurement of a guest that starts from firmware instead of an IGVM file.</summary>
public sealed record FirmwareLaunch
{
    /// <summary>The VMM.</summary>
    public required FirmwareProfile Profile { get; init; }

    /// <summary>The OVMF code file; where code and variables are split, the code alone.</summary>
    public required FirmwareImage Firmware { get; init; }

    /// <summary>Number of vCPUs, 1 to <see cref="FirmwareLimits.MaxVcpus"/>.</summary>
    public required int Vcpus { get; init; }

    /// <summary>The signature of the virtual CPU. Needed where the profile measures it, ignored elsewhere.</summary>
    public VcpuSignature? Cpu { get; init; }

    /// <summary>Kernel hashes, or null where they are off. A kernel that is handed over without them is not measured.</summary>
    public KernelHashes? Kernel { get; init; }

    /// <summary>SEV_FEATURES of every vCPU.</summary>
    public SevFeatures Features { get; init; } = SevFeatures.SnpActive;

    /// <summary>The FPU words, or null for those of the profile.</summary>
    public FpuState? Fpu { get; init; }

    /// <summary>Guest physical address at which save areas are measured, or null for <see cref="FirmwareProfile.KvmVmsaGpa"/>.</summary>
    public ulong? VmsaGpa { get; init; }

    /// <summary>
    /// The digest after the pages of <see cref="Firmware"/> (<see cref="FirmwareMeasurer.MeasureFirmware"/>), to be used instead of its
    /// bytes; the table and the length of the image still count. Null to measure the bytes.
    /// </summary>
    public Digest384? FirmwareDigest { get; init; }

    /// <summary>The stage 1 image of COCONUT-SVSM, for its older launch only.</summary>
    public FirmwareImage? Svsm { get; init; }

    /// <summary>Length in bytes of the variable store that lies between the two images of a stage 1 launch.</summary>
    public long? VarsSize { get; init; }

    /// <summary>The FPU words that hold.</summary>
    public FpuState EffectiveFpu => Fpu ?? Profile.DefaultFpu;

    /// <summary>The save area address that holds.</summary>
    public ulong EffectiveVmsaGpa => VmsaGpa ?? FirmwareProfile.KvmVmsaGpa;

    /// <summary>The inputs in words, to be kept with a registered digest.</summary>
    /// <returns>One line.</returns>
    public string Describe()
    {
        string cpu = Profile.MeasuresCpuSignature ? $", CPU {Cpu}" : "";
        string vars = VarsSize is { } size ? string.Create(CultureInfo.InvariantCulture, $", variable store {size}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Profile}, {Vcpus} vCPU{cpu}, features 0x{(ulong)Features:x}, FPU {EffectiveFpu.WireName()}, VMSA 0x{EffectiveVmsaGpa:x}, kernel hashes {(Kernel is null ? "off" : "on")}{vars}");
    }
}
