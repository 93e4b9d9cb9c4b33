using System.Buffers.Binary;
using System.Text;

namespace Verifier.Ledger;

/// <summary>What a tenant's log was at a moment: the tree head of RFC 9162 section 4.10, with the tenant in place of the log's id.</summary>
public sealed record TreeHead
{
    // No other thing that the same key might ever sign begins with these bytes.
    private static readonly byte[] Domain = "verifier.v1 tree head\0"u8.ToArray();

    /// <summary>Makes a head. Time finer than a millisecond is cut off, since it would not be signed.</summary>
    /// <param name="tenant">Name of the tenant: 1 to 63 of <c>[a-z0-9-]</c>.</param>
    /// <param name="size">Number of entries, from 0.</param>
    /// <param name="root">Root of the tree over them.</param>
    /// <param name="time">When the head was made, from 1970.</param>
    /// <exception cref="ArgumentException">A value is outside of its range.</exception>
    public TreeHead(string tenant, long size, TreeHash root, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        if (!IsPossible(tenant, size, time.ToUnixTimeMilliseconds()))
        {
            throw new ArgumentException("Not a tree head: a tenant's name has 1 to 63 of [a-z0-9-], size and time are not negative.");
        }

        (Tenant, Size, Root, Time) = (tenant, size, root, DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()));
    }

    /// <summary>Name of the tenant.</summary>
    public string Tenant { get; }

    /// <summary>Number of entries.</summary>
    public long Size { get; }

    /// <summary>Root of the tree over them.</summary>
    public TreeHash Root { get; }

    /// <summary>When the head was made, in UTC, in whole milliseconds.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>
    /// The bytes that are signed: the ASCII text <c>verifier.v1 tree head</c> and a zero byte; the length of the tenant's name as one byte
    /// and the name in ASCII; the size, 8 bytes; the root, 32 bytes; milliseconds since 1970-01-01 UTC, 8 bytes. Numbers are big endian.
    /// </summary>
    /// <returns>The bytes in a new array.</returns>
    public byte[] ToSignedBytes()
    {
        byte[] bytes = new byte[Domain.Length + 1 + Tenant.Length + 8 + TreeHash.Length + 8];
        Domain.CopyTo(bytes, 0);
        Span<byte> rest = bytes.AsSpan(Domain.Length);
        rest[0] = (byte)Tenant.Length;
        rest = rest[1..];
        rest = rest[Encoding.ASCII.GetBytes(Tenant, rest)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, Size);
        Root.CopyTo(rest[8..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[(8 + TreeHash.Length)..], Time.ToUnixTimeMilliseconds());
        return bytes;
    }

    /// <summary>True of values that the constructor takes; for readers of what others wrote.</summary>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="size">Number of entries.</param>
    /// <param name="milliseconds">Time since 1970-01-01 UTC.</param>
    /// <returns>True when a head can be made of them.</returns>
    public static bool IsPossible(string? tenant, long size, long milliseconds) =>
        tenant is not null && LogNames.IsId(tenant) && size >= 0 && milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
