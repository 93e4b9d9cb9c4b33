using SevSnp.Primitives;

namespace Verifier.Service.Log;

/// <summary>One stored resource, byte for byte.</summary>
internal sealed record StoredItem(string Id, ReadOnlyMemory<byte> Bytes);

/// <summary>A near variant of a reference value, byte for byte.</summary>
internal sealed record StoredNearItem(string Id, Digest384 Digest, byte[] Body);

/// <summary>What a store holds of a tenant as bytes, for whoever compares it with the log. Throws as the other parts of a store do.</summary>
internal interface ITenantContents
{
    /// <summary>Resources of a collection (<c>referenceValues</c>, <c>policies</c>) in the order of their ids, deleted documents included.</summary>
    Task<IReadOnlyList<StoredItem>> ReadAsync(string tenant, string collection, string? afterId, int count, CancellationToken cancellation);

    /// <summary>One resource; null when there is none.</summary>
    Task<StoredItem?> GetAsync(string tenant, string collection, string id, CancellationToken cancellation);

    /// <summary>Near variants in the order of their measurements: all those of the next <paramref name="count"/> measurements.</summary>
    Task<IReadOnlyList<StoredNearItem>> ReadNearAsync(string tenant, Digest384? after, int count, CancellationToken cancellation);

    Task<long> CountTombstonesAsync(string tenant, CancellationToken cancellation);

    /// <summary>Whether each of the measurements has a tombstone.</summary>
    Task<IReadOnlyList<bool>> HaveTombstonesAsync(string tenant, IReadOnlyList<Digest384> measurements, CancellationToken cancellation);
}
