using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>A computed launch measurement: what the MEASUREMENT field of a report must be, and how it came about.</summary>
public sealed class LaunchMeasurement
{
    internal LaunchMeasurement(Digest384 digest, long pageCount, IReadOnlyList<LaunchStep> steps) =>
        (Digest, PageCount, Steps) = (digest, pageCount, steps);

    /// <summary>The launch digest, 48 bytes in the order in which a report carries them.</summary>
    public Digest384 Digest { get; }

    /// <summary>The number of pages that entered the digest.</summary>
    public long PageCount { get; }

    /// <summary>The pages in order, or an empty list when the steps were not asked for.</summary>
    public IReadOnlyList<LaunchStep> Steps { get; }
}
