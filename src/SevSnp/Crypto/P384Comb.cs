using System.Numerics;
using Org.BouncyCastle.Math.EC;

namespace SevSnp.Crypto;

/// <summary>
/// Multiples of one point of P-384, kept so that any other multiple takes few additions: the comb of Lim and Lee (CRYPTO '94), with every
/// digit 1 or -1 (Hamburg, ePrint 2012/309), which halves the table. All arithmetic is that of BouncyCastle's points, whose addition is
/// complete: it doubles equal points and gives infinity for opposite ones. For public numbers only: which entries are read tells the number.
/// </summary>
internal sealed class P384Comb
{
    /// <summary>Teeth of the comb of a key: 3072 points, 288 KiB.</summary>
    public const int KeyTeeth = 11;

    /// <summary>Teeth of the comb of the base point, of which there is one: 65536 points, 6144 KiB.</summary>
    public const int BaseTeeth = 16;

    // A comb with h teeth splits the number into h rows of columns, and the columns into blocks of this length with a table each. All combs
    // have the same length, so that two of them share their doublings, of which there are one less.
    private const int BlockLength = 12;

    // A part of a table has 1024 points; no table has fewer, and no comb fewer teeth than 11.
    private const int PartBits = 10;

    private const int ScalarBits = 8 * P384.ScalarSize;
    private const int SignWords = 7;
    private const int BytesOfAPoint = 2 * P384.ScalarSize;

    private readonly int _teeth;
    private readonly int _columns;
    private readonly int _blocks;

    // In parts, block by block, so that making them needs little memory at a time: a point in the making takes several times what is kept of it.
    private readonly ECLookupTable[] _parts;

    private P384Comb(ECPoint point, int teeth)
    {
        _teeth = teeth;
        _columns = (ScalarBits + teeth - 1) / teeth;
        _blocks = (_columns + BlockLength - 1) / BlockLength;
        _parts = [.. Tables(point)];
    }

    /// <summary>The comb of the base point, made when it is first asked for.</summary>
    public static P384Comb Base => BaseHolder.Comb;

    /// <summary>Bytes that the tables take.</summary>
    public int Size => _parts.Sum(p => p.Size) * BytesOfAPoint;

    /// <summary>Makes the comb of a key.</summary>
    /// <param name="point">A point of the curve, not infinity.</param>
    /// <returns>The comb.</returns>
    public static P384Comb OfKey(ECPoint point) => new(point, KeyTeeth);

    /// <summary>Gives u P + v Q, in Jacobian coordinates; infinity when it is that.</summary>
    /// <param name="p">The comb of P.</param>
    /// <param name="u">From 0 to n-1.</param>
    /// <param name="q">The comb of Q.</param>
    /// <param name="v">From 0 to n-1.</param>
    /// <returns>The point.</returns>
    public static ECPoint SumOfTwoMultiples(P384Comb p, BigInteger u, P384Comb q, BigInteger v)
    {
        Span<ulong> pSigns = stackalloc ulong[SignWords];
        Span<ulong> qSigns = stackalloc ulong[SignWords];
        bool isPNegated = P384Scalars.WriteSigns(u, p._teeth * p._columns, pSigns);
        bool isQNegated = P384Scalars.WriteSigns(v, q._teeth * q._columns, qSigns);
        ECPoint sum = P384.Domain.Curve.Infinity;
        for (int column = BlockLength - 1; column >= 0; column--)
        {
            sum = p.AddColumn(sum.Twice(), column, pSigns, isPNegated);
            sum = q.AddColumn(sum, column, qSigns, isQNegated);
        }

        return sum;
    }

    // Adds what stands in this column of each block.
    private ECPoint AddColumn(ECPoint sum, int column, ReadOnlySpan<ulong> signs, bool isNegated)
    {
        int last = (1 << (_teeth - 1)) - 1;
        for (int block = 0, first = column; first < _columns; block++, first += BlockLength)
        {
            int index = 0;
            for (int tooth = 0, bit = first; tooth < _teeth; tooth++, bit += _columns)
            {
                index |= (int)((signs[bit >> 6] >> (bit & 63)) & 1) << tooth;
            }

            // An entry with the last tooth subtracted is the negative of the one with all signs changed.
            bool isLastAdded = index > last;
            int at = (block << (_teeth - 1)) | ((isLastAdded ? index : ~index) & last);
            ECPoint entry = _parts[at >> PartBits].LookupVar(at & ((1 << PartBits) - 1));
            sum = sum.Add(isLastAdded != isNegated ? entry : entry.Negate());
        }

        return sum;
    }

    // Entry i of a block is the point of its last tooth, plus or minus that of each other tooth: plus where the tooth's bit in i is 1.
    private IEnumerable<ECLookupTable> Tables(ECPoint point)
    {
        ECCurve curve = P384.Domain.Curve;
        ECPoint[] powers = Powers(point);
        for (int block = 0; block < _blocks; block++)
        {
            ECPoint first = powers[((_teeth - 1) * _blocks) + block];
            ECPoint[] steps = new ECPoint[_teeth - 1];
            for (int tooth = 0; tooth < steps.Length; tooth++)
            {
                ECPoint power = powers[(tooth * _blocks) + block];
                first = first.Subtract(power);
                steps[tooth] = power.Twice();
            }

            curve.NormalizeAll(steps);
            foreach (ECPoint of in Sums(first, steps.AsSpan(PartBits)))
            {
                yield return curve.CreateCacheSafeLookupTable(Sums(of, steps.AsSpan(0, PartBits)), 0, 1 << PartBits);
            }
        }
    }

    // A point plus each sum of steps, one for each set of them: entry i has those whose bit in i is 1.
    private static ECPoint[] Sums(ECPoint first, ReadOnlySpan<ECPoint> steps)
    {
        ECPoint[] sums = new ECPoint[1 << steps.Length];
        sums[0] = first;
        for (int step = 0; step < steps.Length; step++)
        {
            for (int i = 0; i < 1 << step; i++)
            {
                sums[i + (1 << step)] = sums[i].Add(steps[step]);
            }
        }

        P384.Domain.Curve.NormalizeAll(sums);
        return sums;
    }

    // The points of the teeth: 2^(tooth * columns + block * length) P, tooth by tooth.
    private ECPoint[] Powers(ECPoint point)
    {
        ECPoint[] powers = new ECPoint[_teeth * _blocks];
        int reached = 0;
        for (int i = 0; i < powers.Length; i++)
        {
            int exponent = (i / _blocks * _columns) + (i % _blocks * BlockLength);
            point = point.TimesPow2(exponent - reached);
            reached = exponent;
            powers[i] = point;
        }

        P384.Domain.Curve.NormalizeAll(powers);
        return powers;
    }

    private static class BaseHolder
    {
        public static readonly P384Comb Comb = new(P384.Domain.G, BaseTeeth);
    }
}
