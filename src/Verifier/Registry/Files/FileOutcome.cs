using SevSnp.Firmware;
using SevSnp.Igvm;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry.Files;

/// <summary>What came of a file.</summary>
internal abstract record FileOutcome
{
    private FileOutcome()
    {
    }

    /// <summary>It breaks a rule of the format.</summary>
    public sealed record Malformed(IgvmFault Fault) : FileOutcome;

    /// <summary>It can be read, but has no digest for a launch that was asked for.</summary>
    public sealed record NotMeasurable(IgvmMeasureFault Fault) : FileOutcome;

    /// <summary>Firmware that breaks a rule of its format, or cannot be launched as stated.</summary>
    public sealed record FirmwareRefused(FirmwareFault Fault) : FileOutcome;

    /// <summary>It is not the file whose digest or size was stated.</summary>
    public sealed record FileDiffers(Digest384 FileSha384, ulong FileSize) : FileOutcome;

    /// <summary>A digest that was asserted is none of the computed ones.</summary>
    public sealed record DigestDiffers(Digest384 Asserted) : FileOutcome;

    /// <summary>The first asserted digest that is none of the computed ones, or null.</summary>
    public static DigestDiffers? FirstDiffering(IEnumerable<Digest384> asserted, IEnumerable<Digest384> computed) =>
        asserted.Except(computed).Select(d => new DigestDiffers(d)).FirstOrDefault();

    /// <summary>No guest can meet both the stated rule on the guest policy and what the file asks for.</summary>
    public sealed record PolicyContradicts : FileOutcome;

    /// <summary>Measured: a value to register.</summary>
    public sealed record Measured(ReferenceValueDraft Value, LaunchedFile File) : FileOutcome
    {
        /// <summary>Its other launches.</summary>
        public IReadOnlyList<NearVariant> Near { get; init; } = [];
    }
}
