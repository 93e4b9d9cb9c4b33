using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Verifier.Ledger;

/// <summary>A SHA-384 digest as a key: 48 bytes without an object around them.</summary>
[InlineArray(Length)]
internal struct Digest48 : IEquatable<Digest48>
{
    public const int Length = 48;

    private byte _first;

    public static Digest48 From(ReadOnlySpan<byte> bytes)
    {
        Digest48 digest = default;
        bytes.CopyTo(digest);
        return digest;
    }

    public static Digest48 FromHex(string hex)
    {
        Digest48 digest = default;
        Convert.FromHexString(hex, digest, out _, out _);
        return digest;
    }

    public readonly string ToHex() => Convert.ToHexStringLower(this);

    public readonly bool Equals(Digest48 other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is Digest48 other && Equals(other);

    // The bytes are a hash already; that one made up to collide costs its maker more than it costs us.
    public override readonly int GetHashCode() => HashCode.Combine(MemoryMarshal.Read<long>(this), MemoryMarshal.Read<long>(((ReadOnlySpan<byte>)this)[8..]));
}
