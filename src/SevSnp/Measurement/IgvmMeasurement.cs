using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>The launch measurement of an IGVM file for one way of launching it.</summary>
public sealed class IgvmMeasurement
{
    internal IgvmMeasurement(IgvmLaunch launch, LaunchMeasurement measurement, IReadOnlyList<IgvmLaunchNote> notes) =>
        (Launch, Measurement, Notes) = (launch, measurement, notes);

    /// <summary>The way.</summary>
    public IgvmLaunch Launch { get; }

    /// <summary>Digest, number of pages, and the steps when they were asked for.</summary>
    public LaunchMeasurement Measurement { get; }

    /// <summary>The launch digest.</summary>
    public Digest384 Digest => Measurement.Digest;

    /// <summary>What speaks against the digest; usually nothing.</summary>
    public IReadOnlyList<IgvmLaunchNote> Notes { get; }
}
