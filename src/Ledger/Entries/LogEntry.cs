using System.Diagnostics.CodeAnalysis;

namespace Verifier.Ledger;

/// <summary>
/// One change, format version 2: who did what to which resource, and the resource's stored bytes before and after it. Its bytes are
/// UTF-8 JSON of one form only. The leaf hash is <see cref="TreeHashing.Leaf"/> over those bytes.
/// </summary>
public sealed record LogEntry
{
    /// <summary>The greatest length of an entry in bytes: 16 MiB.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The tenant in whose log the entry stands: 1 to 63 of <c>[a-z0-9-]</c>.</summary>
    public required string Tenant { get; init; }

    /// <summary>When the change was made, in UTC, to 100 ns.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was done, a word of 1 to 63 of <c>[a-z0-9_-]</c>: <c>create</c>, <c>revoke</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: <c>referenceValues/ID</c>, <c>policies/ID</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Who did it.</summary>
    public required EntryActor Actor { get; init; }

    /// <summary>Why, in the words of who did it; null when nothing was said, never empty.</summary>
    public string? Reason { get; init; }

    /// <summary>The resource as it was stored before, one JSON value byte for byte; empty when there was none.</summary>
    public ReadOnlyMemory<byte> Before { get; init; }

    /// <summary>The resource as it is stored after, one JSON value byte for byte; empty when it is no more.</summary>
    public ReadOnlyMemory<byte> After { get; init; }

    /// <summary>Measurements for which the change writes tombstones: SHA-384 in 96 lower-case hexadecimal digits each.</summary>
    public IReadOnlyList<string> Revoked { get; init; } = [];

    /// <summary>Measurements whose tombstones the change lifts, in the same form.</summary>
    public IReadOnlyList<string> Lifted { get; init; } = [];

    /// <summary>Reads an entry. Whatever <see cref="Encode"/> would write differently is refused. Never throws on what is in the bytes.</summary>
    /// <param name="bytes">All bytes of the entry; <see cref="Before"/> and <see cref="After"/> become slices of them, so they must not change.</param>
    /// <param name="entry">The entry, or null when refused.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when the bytes are an entry.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out LogEntry? entry, out EntryFault fault) =>
        EntryReader.TryRead(bytes, out entry, out fault);

    /// <summary>The bytes of the entry.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="ArgumentException">A member's value is not one that it may have, or the whole is too long: a defect of the caller.</exception>
    public byte[] Encode() => EntryWriter.Write(this);
}
