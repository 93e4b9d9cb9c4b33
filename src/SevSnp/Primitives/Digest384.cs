using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SevSnp.Primitives;

/// <summary>
/// A SHA-384 digest: 48 bytes, kept by value, shown as 96 lower-case hexadecimal digits in memory order.
/// The default value is the all-zero digest, which AMD's firmware uses for "none".
/// </summary>
public readonly struct Digest384 : IEquatable<Digest384>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 48;

    private readonly Block _bytes;

    /// <summary>Copies a digest from memory.</summary>
    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">The length is not 48: a defect of the caller, never of evidence.</exception>
    public Digest384(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A SHA-384 digest has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    /// <summary>True when all 48 bytes are zero.</summary>
    public bool IsZero => !Bytes.ContainsAnyExcept((byte)0);

    [UnscopedRef]
    private ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Compares two digests by value.</summary>
    /// <param name="left">One digest.</param>
    /// <param name="right">The other digest.</param>
    /// <returns>True when all 48 bytes are equal.</returns>
    public static bool operator ==(Digest384 left, Digest384 right) => left.Equals(right);

    /// <summary>Compares two digests by value.</summary>
    /// <param name="left">One digest.</param>
    /// <param name="right">The other digest.</param>
    /// <returns>True when any byte differs.</returns>
    public static bool operator !=(Digest384 left, Digest384 right) => !left.Equals(right);

    /// <summary>Reads 96 hexadecimal digits of either case; nothing else is accepted, not even white space.</summary>
    /// <param name="hex">The text.</param>
    /// <param name="digest">The digest, or the zero digest when the text is refused.</param>
    /// <returns>True when the text is a digest.</returns>
    public static bool TryParse([NotNullWhen(true)] string? hex, out Digest384 digest)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (hex is { Length: Size * 2 } && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            digest = new Digest384(bytes);
            return true;
        }

        digest = default;
        return false;
    }

    /// <summary>Copies the 48 bytes out.</summary>
    /// <param name="destination">At least 48 bytes.</param>
    public void CopyTo(Span<byte> destination) => Bytes.CopyTo(destination);

    /// <summary>The 48 bytes in a new array.</summary>
    /// <returns>A copy that the caller owns.</returns>
    public byte[] ToArray() => Bytes.ToArray();

    /// <inheritdoc/>
    public bool Equals(Digest384 other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Digest384 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>The digest as 96 lower-case hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    [InlineArray(Size)]
    private struct Block
    {
        private byte _first;
    }
}
