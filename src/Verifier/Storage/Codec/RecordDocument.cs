using SevSnp.Launch;
using SevSnp.References;

namespace Verifier.Service.Storage.Codec;

/// <summary>
/// A reference value as it is stored. Apart from the types of the program, so that renaming one of those never changes what is on
/// disk. A member that may be absent has no <c>required</c>; every other must be there.
/// </summary>
internal sealed record RecordDocument
{
    /// <summary>The only version of this format so far. A reader refuses what it does not know: half an understanding of a rule that must hold is none.</summary>
    public const int CurrentVersion = 1;

    public required int V { get; init; }

    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Image { get; init; }

    public required string Version { get; init; }

    public required LaunchKind Kind { get; init; }

    public required ReferenceState State { get; init; }

    public required ReferenceOrigin Origin { get; init; }

    public required MeasurementDocument[] Measurements { get; init; }

    /// <summary>Only ever written where true: a service that does not know it refuses the record, as it must.</summary>
    public bool? AcceptsBySigner { get; init; }

    public required ConstraintsDocument Constraints { get; init; }

    public DateTimeOffset? ExpireTime { get; init; }

    public required ProvenanceDocument Provenance { get; init; }

    public required string Registrar { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required DateTimeOffset UpdateTime { get; init; }

    public required string Etag { get; init; }

    public required string RevokeReason { get; init; }

    public LaunchedFileDocument? File { get; init; }
}

/// <summary>What the launched file said of itself when its digests were computed.</summary>
internal sealed record LaunchedFileDocument
{
    public ulong? GuestPolicy { get; init; }

    public required FindingDocument[] Findings { get; init; }
}

/// <summary>One thing found in a file.</summary>
internal sealed record FindingDocument
{
    public required string Id { get; init; }

    public required string Text { get; init; }
}

/// <summary>One launch measurement, digest as 96 hexadecimal digits.</summary>
internal sealed record MeasurementDocument
{
    public required string Digest { get; init; }

    public required string Profile { get; init; }

    public uint? VcpuCount { get; init; }
}

/// <summary>A launch of a reference value's file that is not registered. A type of its own: it can be read as nothing else.</summary>
internal sealed record NearDocument
{
    public required int V { get; init; }

    public required string NearDigest { get; init; }

    public required string Id { get; init; }

    public required LaunchProfile Profile { get; init; }

    public ZeroPages? ZeroPages { get; init; }

    public uint? Vmsas { get; init; }
}

/// <summary>Where a reference value came from.</summary>
internal sealed record ProvenanceDocument
{
    public string? FileSha384 { get; init; }

    public required ulong FileSize { get; init; }

    public required string Repository { get; init; }

    public required string Commit { get; init; }

    public required string BuildUrl { get; init; }
}

/// <summary>The mark that a measurement is revoked.</summary>
internal sealed record TombstoneDocument
{
    public required int V { get; init; }

    public required string Digest { get; init; }

    public required string Reason { get; init; }

    public required string ReferenceName { get; init; }

    public required DateTimeOffset RevokeTime { get; init; }
}

/// <summary>The answer once given to a request id: a reference value or a document.</summary>
internal sealed record RequestDocument
{
    public required int V { get; init; }

    public required string Fingerprint { get; init; }

    public RecordDocument? Answer { get; init; }

    public DocumentRecord? Document { get; init; }
}
