using System.Diagnostics.CodeAnalysis;
using SevSnp.Firmware;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>Computes the launch measurement of guests that start from firmware: OVMF, and the older COCONUT-SVSM launch.</summary>
public static class FirmwareMeasurer
{
    /// <summary>Computes the launch measurement.</summary>
    /// <param name="launch">The inputs.</param>
    /// <param name="keepSteps">Keeps each page with the digest after it.</param>
    /// <param name="measurement">The measurement, or null when the launch is refused.</param>
    /// <param name="fault">Why it is refused.</param>
    /// <returns>True when there is a measurement.</returns>
    public static bool TryMeasure(
        FirmwareLaunch launch, bool keepSteps, [NotNullWhen(true)] out LaunchMeasurement? measurement, out FirmwareFault fault)
    {
        measurement = null;
        if (FirmwarePlan.Create(launch, out fault) is not { } plan)
        {
            return false;
        }

        LaunchDigest digest = plan.MeasureMemory(keepSteps);
        for (int i = 0; i < launch.Vcpus; i++)
        {
            plan.MeasureVcpu(digest, i);
        }

        measurement = digest.ToMeasurement();
        return true;
    }

    /// <summary>
    /// Computes the launch digests for several numbers of vCPUs at once: the save areas come last, so that each number is one step of the same chain.
    /// </summary>
    /// <param name="launch">The inputs; its number of vCPUs is the largest.</param>
    /// <param name="fewest">The smallest number of vCPUs, at least 1 and at most that of the launch.</param>
    /// <param name="digests">The digests, from the smallest number to the largest, or null when the launch is refused.</param>
    /// <param name="fault">Why it is refused.</param>
    /// <returns>True when there are digests.</returns>
    public static bool TryMeasureRange(
        FirmwareLaunch launch, int fewest, [NotNullWhen(true)] out IReadOnlyList<VcpuMeasurement>? digests, out FirmwareFault fault)
    {
        digests = null;
        if (FirmwarePlan.Create(launch, out fault) is not { } plan)
        {
            return false;
        }

        if (fewest < 1 || fewest > launch.Vcpus)
        {
            fault = new FirmwareFault(FirmwareFaultId.Vcpus, "fewest vCPUs", Found: unchecked((ulong)fewest));
            return false;
        }

        List<VcpuMeasurement> found = [];
        LaunchDigest digest = plan.MeasureMemory(keepSteps: false);
        for (int i = 0; i < launch.Vcpus; i++)
        {
            plan.MeasureVcpu(digest, i);
            if (i + 1 >= fewest)
            {
                found.Add(new VcpuMeasurement(i + 1, digest.Value));
            }
        }

        digests = found;
        return true;
    }

    /// <summary>The digest after the pages of a firmware image alone, which can stand for its bytes in a later measurement.</summary>
    /// <param name="firmware">The OVMF code file.</param>
    /// <returns>The digest.</returns>
    public static Digest384 MeasureFirmware(FirmwareImage firmware)
    {
        LaunchDigest digest = new();
        FirmwarePlan.AddImage(digest, firmware);
        return digest.Value;
    }
}

/// <summary>The launch digest for one number of vCPUs.</summary>
/// <param name="Vcpus">How many.</param>
/// <param name="Digest">The launch digest.</param>
public readonly record struct VcpuMeasurement(int Vcpus, Digest384 Digest);
