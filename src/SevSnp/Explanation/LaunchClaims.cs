using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Explanation;

/// <summary>What a guest is said to be launched with, apart from its measurement. What is null is not said.</summary>
public sealed record LaunchClaims
{
    /// <summary>Guest policy.</summary>
    public GuestPolicy? Policy { get; init; }

    /// <summary>Privilege levels at which a report may be asked for; empty for any.</summary>
    public IReadOnlyList<uint> Vmpls { get; init; } = [];

    /// <summary>Security version of the guest.</summary>
    public uint? GuestSvn { get; init; }

    /// <summary>Family id, 16 bytes.</summary>
    public HexBytes? FamilyId { get; init; }

    /// <summary>Image id, 16 bytes.</summary>
    public HexBytes? ImageId { get; init; }

    /// <summary>Digest of the ID key.</summary>
    public Digest384? IdKeyDigest { get; init; }

    /// <summary>Digest of the author key; the zero digest for none.</summary>
    public Digest384? AuthorKeyDigest { get; init; }
}

/// <summary>A field of a report that is not what was said.</summary>
/// <param name="Field">Its name, as in the JSON of a report.</param>
/// <param name="Expected">What was said.</param>
/// <param name="Actual">What the report has.</param>
/// <param name="Meaning">What that means for the launch; one sentence without a full stop.</param>
public sealed record ClaimDifference(string Field, string Expected, string Actual, string Meaning);
