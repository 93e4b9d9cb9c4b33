namespace Verifier.Service.Registry;

/// <summary>
/// The append-only log of a tenant's changes. A leaf's hash is SHA-256(0x00, data), as RFC 9162 section 2.1.1 wants, from the first
/// version on.
/// </summary>
internal interface IChangeLog
{
    /// <summary>The signed head as stored, null while the log is empty. It covers every entry there is: both change together.</summary>
    Task<byte[]?> HeadAsync(string tenant, CancellationToken cancellation);

    /// <summary>Ends when no fail-over can take away what was read of the log last; at once where there is none to fear.</summary>
    /// <exception cref="StoreNotDurableException">That cannot be had now.</exception>
    Task ConfirmAsync(string tenant, CancellationToken cancellation);

    Task<long> CountAsync(string tenant, CancellationToken cancellation);

    Task<IReadOnlyList<LogLeaf>> ReadAsync(string tenant, long first, int count, CancellationToken cancellation);
}

/// <summary>One entry: its index from 0, its bytes (UTF-8 JSON) and its leaf hash (32 bytes).</summary>
internal sealed record LogLeaf(long Index, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> LeafHash);
