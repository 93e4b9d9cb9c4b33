using System.Text.Json.Serialization;
using SevSnp.IdBlocks;

namespace Verifier.Client.Views;

/// <summary>What <c>idblock create</c> and <c>idblock show</c> give. Members that nothing is known of are left out.</summary>
internal sealed record IdBlockFilesView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public IdBlockView? IdBlock { get; init; }

    public IdAuthView? IdAuth { get; init; }

    /// <summary>Digests of public keys, as a report shows them and as reference values pin them.</summary>
    public IReadOnlyList<string>? KeyDigests { get; init; }

    /// <summary>With a block and a page: <c>valid</c>, <c>bad_id_block_signature</c> or <c>bad_id_key_signature</c>.</summary>
    public string? Signatures { get; init; }

    /// <summary>With a block and a launch: <c>matches</c>, <c>measurement_differs</c> or <c>policy_differs</c>.</summary>
    public string? Launch { get; init; }

    /// <summary>IGVM file only: why its keys and signatures cannot be used.</summary>
    public string? Refusal { get; init; }

    /// <summary>IGVM file only: the launch profiles under which the file has the measurement of its ID block.</summary>
    public IReadOnlyList<string>? LaunchProfiles { get; init; }

    public static IdBlockFilesView Of(IdBlock? block, IdAuth? auth, IReadOnlyList<SnpPublicKey> keys, IdAuthOutcome? outcome, IdBlockMatch? match) => new()
    {
        IdBlock = block is null ? null : IdBlockView.Of(block),
        IdAuth = auth is null ? null : IdAuthView.Of(auth),
        KeyDigests = keys.Count == 0 ? null : [.. keys.Select(k => k.Digest.ToString())],
        Signatures = outcome switch
        {
            null => null,
            IdAuthOutcome.Valid => "valid",
            IdAuthOutcome.IdKeySignatureIsBad => "bad_id_key_signature",
            _ => "bad_id_block_signature",
        },
        Launch = match switch
        {
            null => null,
            IdBlockMatch.Matches => "matches",
            IdBlockMatch.PolicyDiffers => "policy_differs",
            _ => "measurement_differs",
        },
    };
}

/// <summary>An ID block: its fields, and its 96 bytes in base64.</summary>
internal sealed record IdBlockView(string Measurement, string FamilyId, string ImageId, uint GuestSvn, string Policy, string Base64)
{
    public static IdBlockView Of(IdBlock block) => new(
        block.Measurement.ToString(),
        block.FamilyId.ToString(),
        block.ImageId.ToString(),
        block.GuestSvn,
        block.Policy.ToString(),
        Convert.ToBase64String(block.ToArray()));
}

/// <summary>An ID authentication page: the digests of its keys, and its 4096 bytes in base64.</summary>
internal sealed record IdAuthView(string IdKeyDigest, string? AuthorKeyDigest, string Base64)
{
    public static IdAuthView Of(IdAuth auth) => new(auth.IdKey.Digest.ToString(), auth.AuthorKey?.Digest.ToString(), Convert.ToBase64String(auth.ToArray()));
}
