using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry;

/// <summary>Where a reference value came from, as stated by the registrar. Shown, never judged.</summary>
internal sealed record Provenance(Digest384? FileSha384, ulong FileSize, string Repository, string Commit, string BuildUrl)
{
    public static Provenance None { get; } = new(null, 0, "", "", "");

    /// <summary>Whether what is stated of a file, if anything is, is true of this one.</summary>
    public bool Fits(Digest384 sha384, int size) => (FileSha384 is null || FileSha384 == sha384) && (FileSize == 0 || FileSize == (ulong)size);
}

/// <summary>A reference value as the registry keeps it. <see cref="Etag"/> is set by the store and changes with every change.</summary>
internal sealed record StoredReferenceValue(
    string Tenant,
    string Id,
    ReferenceValue Value,
    Provenance Provenance,
    string Registrar,
    DateTimeOffset CreateTime,
    DateTimeOffset UpdateTime,
    string Etag,
    string RevokeReason)
{
    /// <summary>What the launched file says of itself; present when the digests were computed from it.</summary>
    public LaunchedFile? File { get; init; }

    /// <summary>How it is stored, where it was read from the store.</summary>
    public StoredForm Form { get; init; }

    /// <summary>Digests of the keys, of whichever kind, that lead to it; none unless it accepts by signer.</summary>
    public IReadOnlyList<Digest384> Signers => Value is { AcceptsBySigner: true, Constraints.Signer: SignerRule.Pinned rule }
        ? [.. rule.IdKeyDigests.Union(rule.AuthorKeyDigests)]
        : [];
}

/// <summary>What a launched file says of itself. Shown, never judged.</summary>
internal sealed record LaunchedFile(ulong? GuestPolicy, IReadOnlyList<FileFinding> Findings);

/// <summary>One thing that a registrar should know of a file: a stable name and words.</summary>
internal sealed record FileFinding(string Id, string Text);

/// <summary>All that the registry knows of one launch measurement, and what was asked with it of the signers of the guest's ID block.</summary>
internal sealed record MeasurementEntry(Digest384 Measurement, Tombstone? Tombstone, IReadOnlyList<StoredReferenceValue> Values)
{
    /// <summary>Values in whatever state that accept by signer and name one of those asked for.</summary>
    public IReadOnlyList<StoredReferenceValue> OfSigners { get; init; } = [];

    /// <summary>The signers that were asked for.</summary>
    public IReadOnlyList<Digest384> Signers { get; init; } = [];

    /// <summary>The signed head of the log as it is stored, read with the rest; empty while there is no log.</summary>
    public ReadOnlyMemory<byte> Head { get; init; }

    /// <summary>Whether its revocation was lifted, so that the state of a value that was revoked says nothing of it any more.</summary>
    public bool IsLifted { get; init; }

    public MeasurementRecords ToRecords() => new(Measurement, Tombstone, [.. Values.Select(v => v.Value)])
    {
        OfSigners = [.. OfSigners.Select(v => v.Value)],
        IsLifted = IsLifted,
    };

    /// <summary>Whether what was found leaves open that a revocation was lifted. Only then is a store asked for more.</summary>
    public static bool AsksForLift(Tombstone? tombstone, IEnumerable<StoredReferenceValue> values) =>
        tombstone is null && values.Any(v => v.Value.State == ReferenceState.Revoked);
}

/// <summary>Conditions of a list; what is null states nothing.</summary>
internal sealed record ReferenceFilter(string? Image, ReferenceState? State);

/// <summary>A page in the order of ids; <see cref="NextAfterId"/> is null on the last one.</summary>
internal sealed record ReferencePage(IReadOnlyList<StoredReferenceValue> Values, string? NextAfterId);
