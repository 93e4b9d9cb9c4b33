using System.Numerics;
using Org.BouncyCastle.Math.EC;
using BcBigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SevSnp.Crypto;

/// <summary>
/// P-384 by BouncyCastle's points (FIPS 186-5 section 6.4.2), the default engine. A key that has verified a few signatures gets a table of
/// its multiples, and a verification then costs a quarter. Only signatures of the key itself count, so that no table is made for a key whose
/// owner has not signed.
/// </summary>
internal sealed class BouncyCastleEcdsaP384Verifier : EcdsaP384Verifier
{
    /// <summary>
    /// Valid signatures before the table is made. It costs as much as it saves in about so many verifications, so that whatever becomes of a
    /// key, at most twice the least possible is spent on it.
    /// </summary>
    public const int UsesBeforeTable = 32;

    private readonly byte[] _encoded;
    private readonly int _usesBeforeTable;
    private readonly P384Tables _tables;
    private int _uses;
    private P384Comb? _table;

    // What BouncyCastle itself keeps for a point hangs on the point, and goes with it when the table is there.
    private ECPoint? _point;
    private long _lastUse;
    private bool _hasPlace;

    /// <summary>Takes a point that <see cref="P384.ReadPoint"/> has accepted.</summary>
    /// <param name="point">Uncompressed point, 97 bytes.</param>
    /// <param name="usesBeforeTable">Valid signatures before the table is made; 0 makes it now, whether there is a place or not.</param>
    /// <param name="tables">The places for tables; by default those of the process.</param>
    public BouncyCastleEcdsaP384Verifier(ReadOnlySpan<byte> point, int usesBeforeTable = UsesBeforeTable, P384Tables? tables = null)
    {
        _encoded = point.ToArray();
        _tables = tables ?? P384Tables.Shared;
        _point = P384.ReadPoint(point) ?? throw new ArgumentException("is no point of the curve", nameof(point));
        _usesBeforeTable = usesBeforeTable;
        if (usesBeforeTable == 0)
        {
            Install(P384Comb.OfKey(_point));
        }
    }

    /// <summary>True once verifications use the table.</summary>
    public bool HasTable => Volatile.Read(ref _table) is not null;

    /// <summary>When the table was used last, a moment of its places.</summary>
    public long LastUse
    {
        get => Volatile.Read(ref _lastUse);
        set => Volatile.Write(ref _lastUse, value);
    }

    /// <summary>Gives the table up; the key can earn another. Called by who gives the places, one at a time.</summary>
    public void DropTable()
    {
        Volatile.Write(ref _point, P384.ReadPoint(_encoded));
        Volatile.Write(ref _table, null);
        Volatile.Write(ref _hasPlace, false);
    }

    /// <inheritdoc/>
    public override bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        ReadOnlySpan<byte> r = signature[..P384.ScalarSize];
        (BigInteger u1, BigInteger u2) = P384Scalars.Multipliers(digest, r, signature[P384.ScalarSize..]);

        // In this order: the point goes only after the table has come, and comes back before the table goes. When both were missed, it was that.
        ECPoint? point;
        P384Comb? table;
        do
        {
            point = Volatile.Read(ref _point);
            table = Volatile.Read(ref _table);
        }
        while (point is null && table is null);

        if (table is not null)
        {
            LastUse = _tables.Use();
            return HasX(P384Comb.SumOfTwoMultiples(P384Comb.Base, u1, table, u2), r);
        }

        bool isValid = HasX(ECAlgorithms.SumOfTwoMultiplies(P384.Domain.G, P384Scalars.ToBouncyCastle(u1), point!, P384Scalars.ToBouncyCastle(u2)), r);
        if (isValid && Interlocked.Increment(ref _uses) % _usesBeforeTable == 0 && Interlocked.Exchange(ref _hasPlace, true) == false)
        {
            if (_tables.TryTake(this))
            {
                P384Comb made = P384Comb.OfKey(point!);
                _tables.WhileHeld(this, () => Install(made));
            }
            else
            {
                Volatile.Write(ref _hasPlace, false);
            }
        }

        return isValid;
    }

    private void Install(P384Comb table)
    {
        Volatile.Write(ref _table, table);
        Volatile.Write(ref _point, null);
    }

    // True when r is the x of the point modulo the order n. An x is below the prime p, which is less than 2n: it can only be r or r + n.
    private static bool HasX(ECPoint sum, ReadOnlySpan<byte> r)
    {
        if (sum.IsInfinity)
        {
            return false;
        }

        // The curve's coordinates are Jacobian, x = X / Z^2: to compare r Z^2 with X saves a division.
        ECFieldElement square = sum.GetZCoord(0).Square();
        BcBigInteger x = new(1, r);
        BcBigInteger next = x.Add(P384.Domain.N);
        return IsX(x) || (P384.Domain.Curve.IsValidFieldElement(next) && IsX(next));

        bool IsX(BcBigInteger candidate) => P384.Domain.Curve.FromBigInteger(candidate).Multiply(square).Equals(sum.XCoord);
    }
}
