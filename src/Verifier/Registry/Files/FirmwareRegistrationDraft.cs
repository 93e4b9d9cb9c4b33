using SevSnp.Measurement;
using SevSnp.Primitives;

namespace Verifier.Service.Registry.Files;

/// <summary>Firmware as its registrar describes it: a reference value without measurements, and how the firmware is launched.</summary>
/// <param name="Value">Where stated, the provenance must be that of the firmware.</param>
/// <param name="Launch">The inputs beside the files.</param>
/// <param name="Asserted">Digests that must be among the computed ones.</param>
/// <param name="SvsmSha384">Digest that the stage 1 image must have, or null.</param>
internal sealed record FirmwareRegistrationDraft(ReferenceValueDraft Value, FirmwareInputs Launch, IReadOnlyList<Digest384> Asserted, Digest384? SvsmSha384);

/// <summary>What decides the measurements of a launch from firmware, beside the files.</summary>
/// <param name="Vmm">The VMM.</param>
/// <param name="FewestVcpus">Smallest number of vCPUs.</param>
/// <param name="MostVcpus">Largest number of vCPUs.</param>
/// <param name="Cpus">Signatures of the virtual CPU; none where they are not measured.</param>
/// <param name="Features">SEV_FEATURES.</param>
/// <param name="Fpu">FPU words, or null for those of the VMM.</param>
/// <param name="VmsaGpa">Address of the save areas, or null for KVM's.</param>
/// <param name="VarsSize">Size of the variable store; of stage 1 launches only.</param>
/// <param name="Kernel">Kernel hashes, or null where they are off.</param>
internal sealed record FirmwareInputs(
    FirmwareProfile Vmm,
    int FewestVcpus,
    int MostVcpus,
    IReadOnlyList<VcpuSignature> Cpus,
    SevFeatures Features,
    FpuState? Fpu,
    ulong? VmsaGpa,
    long? VarsSize,
    KernelHashes? Kernel);
