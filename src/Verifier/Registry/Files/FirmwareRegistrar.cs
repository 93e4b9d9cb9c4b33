using System.Security.Cryptography;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry.Files;

/// <summary>Measures firmware for the registry, on a thread of its own as <see cref="IgvmRegistrar"/> does.</summary>
internal static class FirmwareRegistrar
{
    public static Task<FileOutcome> MeasureAsync(
        FirmwareRegistrationDraft draft, ReadOnlyMemory<byte> firmware, ReadOnlyMemory<byte> svsm, CancellationToken cancellation) =>
        Task.Factory.StartNew(() => Measure(draft, firmware, svsm, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static FileOutcome Measure(FirmwareRegistrationDraft draft, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> svsmBytes, CancellationToken cancellation)
    {
        Digest384 sha384 = new(SHA384.HashData(bytes.Span));
        Digest384? svsmSha384 = svsmBytes.IsEmpty ? null : new(SHA384.HashData(svsmBytes.Span));
        Provenance stated = draft.Value.Provenance;
        if (!stated.Fits(sha384, bytes.Length))
        {
            return new FileOutcome.FileDiffers(sha384, (ulong)bytes.Length);
        }

        if (draft.SvsmSha384 is { } expectedSvsm && expectedSvsm != svsmSha384)
        {
            return new FileOutcome.FileDiffers(svsmSha384 ?? default, (ulong)svsmBytes.Length);
        }

        FirmwareImage? svsm = null;
        if (!FirmwareImage.TryParse(bytes, out FirmwareImage? firmware, out FirmwareFault fault)
            || !svsmBytes.IsEmpty && !FirmwareImage.TryParse(svsmBytes, out svsm, out fault)
            || !TryMeasure(draft.Launch, firmware, svsm, cancellation, out List<ReferenceMeasurement> measured, out fault))
        {
            return new FileOutcome.FirmwareRefused(fault);
        }

        if (FileOutcome.FirstDiffering(draft.Asserted, measured.Select(m => m.Digest)) is { } differs)
        {
            return differs;
        }

        ReferenceValue value = draft.Value.Value with { Measurements = [.. measured.DistinctBy(m => m.Digest)] };
        Provenance provenance = stated with { FileSha384 = sha384, FileSize = (ulong)bytes.Length };
        return new FileOutcome.Measured(draft.Value with { Value = value, Provenance = provenance }, new LaunchedFile(null, [.. Findings(draft.Launch, firmware, svsm, svsmSha384)]));
    }

    private static bool TryMeasure(
        FirmwareInputs inputs, FirmwareImage firmware, FirmwareImage? svsm, CancellationToken cancellation, out List<ReferenceMeasurement> measured, out FirmwareFault fault)
    {
        (measured, fault) = ([], default);
        foreach (FirmwareLaunch launch in Launches(inputs, firmware, svsm))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!FirmwareMeasurer.TryMeasureRange(launch, inputs.FewestVcpus, out IReadOnlyList<VcpuMeasurement>? digests, out fault))
            {
                return false;
            }

            measured.AddRange(digests.Select(d => new ReferenceMeasurement(d.Digest, NameOf(launch), (uint)d.Vcpus)));
        }

        return true;
    }

    // One for each CPU; each with the largest number of vCPUs.
    private static IEnumerable<FirmwareLaunch> Launches(FirmwareInputs inputs, FirmwareImage firmware, FirmwareImage? svsm)
    {
        FirmwareLaunch launch = new()
        {
            Profile = inputs.Vmm,
            Firmware = firmware,
            Svsm = svsm,
            Vcpus = inputs.MostVcpus,
            Features = inputs.Features,
            Fpu = inputs.Fpu,
            VmsaGpa = inputs.VmsaGpa,
            VarsSize = inputs.VarsSize,
            Kernel = inputs.Kernel,
        };
        return inputs.Cpus.Count == 0 ? [launch] : inputs.Cpus.Select(cpu => launch with { Cpu = cpu });
    }

    private static string NameOf(FirmwareLaunch launch) => launch.Cpu is { } cpu ? $"{launch.Profile.Name}-cpu-{cpu.Raw:x8}" : launch.Profile.Name;

    private static IEnumerable<FileFinding> Findings(FirmwareInputs inputs, FirmwareImage firmware, FirmwareImage? svsm, Digest384? svsmSha384)
    {
        foreach (FirmwareLaunch launch in Launches(inputs, firmware, svsm))
        {
            yield return new FileFinding("FIRMWARE_LAUNCH", $"{inputs.FewestVcpus} to {inputs.MostVcpus} vCPUs, the last of them: {launch.Describe()}");
        }

        if (inputs.Kernel is { } kernel)
        {
            yield return new FileFinding("KERNEL_HASHES", $"SHA-256 of kernel {kernel.Kernel}, initrd {kernel.Initrd}, command line {kernel.CommandLine}");
        }

        if (svsmSha384 is { } sha384)
        {
            yield return new FileFinding("STAGE1_IMAGE", $"SHA-384 of the stage 1 image {sha384}");
        }
    }
}
