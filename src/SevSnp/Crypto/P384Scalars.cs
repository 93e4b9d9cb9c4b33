using System.Numerics;
using Org.BouncyCastle.Utilities;
using BcBigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SevSnp.Crypto;

/// <summary>
/// Numbers modulo the order n of P-384. Public ones only: none of this takes a constant time. BouncyCastle inverts fastest, the platform
/// multiplies and divides fastest.
/// </summary>
internal static class P384Scalars
{
    private static readonly BigInteger Order = Read(P384.Order);

    /// <summary>What base point and key are multiplied by: u1 = e/s and u2 = r/s, each from 0 to n-1 (FIPS 186-5 section 6.4.2, steps 3 to 5).</summary>
    /// <param name="digest">The digest whose number is e, 48 bytes; it may be n or more.</param>
    /// <param name="r">From 1 to n-1, big endian.</param>
    /// <param name="s">From 1 to n-1, big endian.</param>
    /// <returns>The two numbers.</returns>
    public static (BigInteger U1, BigInteger U2) Multipliers(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> r, ReadOnlySpan<byte> s)
    {
        BigInteger inverse = Read(BigIntegers.ModOddInverseVar(P384.Domain.N, new BcBigInteger(1, s)).ToByteArrayUnsigned());
        return (Read(digest) * inverse % Order, Read(r) * inverse % Order);
    }

    /// <summary>The same number for BouncyCastle.</summary>
    /// <param name="scalar">Not negative.</param>
    /// <returns>The number.</returns>
    public static BcBigInteger ToBouncyCastle(BigInteger scalar) => new(1, scalar.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>
    /// Writes a number as a sum of powers of two, each once, each added or subtracted: only odd numbers are such sums, so an even one gives
    /// way to its negative modulo n, which is odd.
    /// </summary>
    /// <param name="scalar">From 0 to n-1.</param>
    /// <param name="count">How many powers of two, from 2^0 on; 384 or more.</param>
    /// <param name="signs">Takes a bit for each power, lowest first: 1 where it is added, 0 where it is subtracted.</param>
    /// <returns>True when the digits are those of the negative.</returns>
    public static bool WriteSigns(BigInteger scalar, int count, Span<ulong> signs)
    {
        bool isNegated = scalar.IsEven;
        BigInteger odd = isNegated ? Order - scalar : scalar;

        // The sum of all powers with the signs of the bits of x is 2x - (2^count - 1).
        BigInteger x = (odd >> 1) + (BigInteger.One << (count - 1));
        signs.Clear();
        return x.TryWriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(signs), out _, isUnsigned: true)
            ? isNegated
            : throw new ArgumentException("are too few", nameof(signs));
    }

    private static BigInteger Read(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);
}
