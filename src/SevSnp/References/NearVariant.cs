using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.References;

/// <summary>
/// A launch of a registered file that was not registered, with the digest that it would have. It explains a refusal. It shares no type
/// with <see cref="ReferenceMeasurement"/>, is no part of <see cref="MeasurementRecords"/>, and so can never become an accept.
/// </summary>
/// <param name="Digest">The launch digest.</param>
/// <param name="Profile">The launch profile.</param>
/// <param name="ZeroPages">The type of pages without content, or null for that of the profile.</param>
/// <param name="Vmsas">The number of measured save areas, or null for those in the file.</param>
public sealed record NearVariant(Digest384 Digest, LaunchProfile Profile, ZeroPages? ZeroPages, uint? Vmsas);

/// <summary>A near variant together with the reference value whose file it is of.</summary>
/// <param name="Value">The reference value, in whatever state.</param>
/// <param name="Variant">The launch that was not registered.</param>
public sealed record NearMatch(ReferenceValue Value, NearVariant Variant);
