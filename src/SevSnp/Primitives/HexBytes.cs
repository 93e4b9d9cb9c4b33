using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Primitives;

/// <summary>An immutable byte string with value equality, shown as lower-case hexadecimal in memory order.</summary>
public sealed class HexBytes : IEquatable<HexBytes>
{
    private readonly byte[] _bytes;

    /// <summary>Copies bytes from memory.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public HexBytes(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The number of bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>True when every byte is zero.</summary>
    public bool IsZero => !_bytes.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Reads hexadecimal digits of either case; nothing else is accepted, not even white space.</summary>
    /// <param name="hex">The text.</param>
    /// <param name="length">The demanded length in bytes.</param>
    /// <param name="bytes">The bytes, or null when the text is refused.</param>
    /// <returns>True when the text has exactly the demanded length.</returns>
    public static bool TryParse([NotNullWhen(true)] string? hex, int length, [NotNullWhen(true)] out HexBytes? bytes)
    {
        bytes = null;
        if (hex is null || length < 0 || hex.Length != length * 2L)
        {
            return false;
        }

        byte[] buffer = new byte[length];
        if (Convert.FromHexString(hex, buffer, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bytes = new HexBytes(buffer);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(HexBytes? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <summary>Compares by content.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>True when both hold the same bytes, or both are null.</returns>
    public static bool operator ==(HexBytes? left, HexBytes? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Compares by content.</summary>
    /// <param name="left">One, or null.</param>
    /// <param name="right">The other, or null.</param>
    /// <returns>False when both hold the same bytes, or both are null.</returns>
    public static bool operator !=(HexBytes? left, HexBytes? right) => !(left == right);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HexBytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>Lower-case hexadecimal.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Convert.ToHexStringLower(_bytes);
}
