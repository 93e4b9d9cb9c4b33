using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Verifier.Ledger;

/// <summary>
/// A SHA-256 hash of a tree (RFC 9162 section 2.1.1): 32 bytes, kept by value, shown as 64 lower-case hexadecimal digits in memory order.
/// The default value is 32 zero bytes, which is the hash of nothing known.
/// </summary>
public readonly struct TreeHash : IEquatable<TreeHash>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly Block _bytes;

    /// <summary>Copies a hash from memory.</summary>
    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    /// <exception cref="ArgumentException">The length is not 32: a defect of the caller.</exception>
    public TreeHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A tree hash has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    [UnscopedRef]
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Compares two hashes by value.</summary>
    /// <param name="left">One hash.</param>
    /// <param name="right">The other hash.</param>
    /// <returns>True when all 32 bytes are equal.</returns>
    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    /// <summary>Compares two hashes by value.</summary>
    /// <param name="left">One hash.</param>
    /// <param name="right">The other hash.</param>
    /// <returns>True when any byte differs.</returns>
    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    /// <summary>Takes a hash from bytes of unknown origin.</summary>
    /// <param name="bytes">The bytes; any length but 32 is refused.</param>
    /// <param name="hash">The hash, or zero bytes when refused.</param>
    /// <returns>True when there are 32 bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TreeHash hash)
    {
        hash = bytes.Length == Length ? new TreeHash(bytes) : default;
        return bytes.Length == Length;
    }

    /// <summary>Reads 64 hexadecimal digits in lower case; nothing else is accepted, so that a hash has one text.</summary>
    /// <param name="hex">The text.</param>
    /// <param name="hash">The hash, or zero bytes when refused.</param>
    /// <returns>True when the text is a hash.</returns>
    public static bool TryParse([NotNullWhen(true)] string? hex, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool read = hex is { Length: 2 * Length } && !hex.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done;
        hash = read ? new TreeHash(bytes) : default;
        return read;
    }

    /// <summary>Reads 44 characters of base64 (RFC 4648 section 4) with padding, in the one canonical form.</summary>
    /// <param name="base64">The text.</param>
    /// <param name="hash">The hash, or zero bytes when refused.</param>
    /// <returns>True when the text is a hash.</returns>
    public static bool TryParseBase64([NotNullWhen(true)] string? base64, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        hash = default;
        if (base64 is not { Length: 44 } || !Convert.TryFromBase64String(base64, bytes, out int written) || written != Length)
        {
            return false;
        }

        // Spare bits before the padding and white space would give one hash several texts.
        TreeHash read = new(bytes);
        bool canonical = read.ToBase64() == base64;
        hash = canonical ? read : default;
        return canonical;
    }

    /// <summary>Copies the 32 bytes out.</summary>
    /// <param name="destination">At least 32 bytes.</param>
    public void CopyTo(Span<byte> destination) => Bytes.CopyTo(destination);

    /// <summary>The 32 bytes in a new array.</summary>
    /// <returns>A copy that the caller owns.</returns>
    public byte[] ToArray() => Bytes.ToArray();

    /// <summary>The hash as 44 characters of base64 with padding.</summary>
    /// <returns>The text.</returns>
    public string ToBase64() => Convert.ToBase64String(Bytes);

    /// <inheritdoc/>
    public bool Equals(TreeHash other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MemoryMarshal.Read<long>(Bytes), MemoryMarshal.Read<long>(Bytes[8..]));

    /// <summary>The hash as 64 lower-case hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    [InlineArray(Length)]
    private struct Block
    {
        private byte _first;
    }
}
