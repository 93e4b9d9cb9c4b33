using System.Numerics;
using Org.BouncyCastle.Math.EC;
using SevSnp.Crypto;
using static SevSnp.Tests.Crypto.P384Math;

namespace SevSnp.Tests.Crypto;

/// <summary>
/// Signatures at the edges of the arithmetic, made by choosing u1 and u2 first: for any R = u1 G + u2 Q, the r of x(R), s = r/u2 and
/// e = u1 s are a valid signature of Q. Each goes through the first uses of a key, through its table, and through the platform.
/// </summary>
public class EcdsaP384EdgeTests
{
    private static readonly BigInteger[] EdgeScalars =
    [
        0, 1, 2, 3, 4, Order - 1, Order - 2, Order - 3, Order / 2, (Order / 2) + 1, BigInteger.One << 383, (BigInteger.One << 383) - 1,
        BigInteger.One << 192, Prime - Order, Order - (BigInteger.One << 128),
    ];

    [Fact]
    public void EdgeMultipliers_AreAcceptedAndTheirNeighboursRefused()
    {
        ECPoint key = Q(77777);
        foreach (BigInteger u1 in EdgeScalars)
        {
            foreach (BigInteger u2 in EdgeScalars.Where(u => !u.IsZero))
            {
                if (Sum(u1, key, u2) is { IsInfinity: false } sum)
                {
                    AcceptsAndRefusesNeighbours(key, X(sum), u1, u2);
                }
            }
        }
    }

    [Fact]
    public void SmallKeys_AreAccepted()
    {
        // With these u1 G and u2 Q, and points on the way to them, coincide or cancel out.
        foreach (BigInteger d in EdgeScalars.Where(d => !d.IsZero))
        {
            AcceptsAndRefusesNeighbours(Q(d), X(Sum(5, Q(d), 7)), 5, 7);
            AcceptsAndRefusesNeighbours(Q(d), X(Sum(0, Q(d), 1)), 0, 1);
        }
    }

    [Fact]
    public void EqualSummands_AreDoubled()
    {
        foreach (BigInteger u2 in EdgeScalars.Where(u => !u.IsZero))
        {
            BigInteger d = 1234567891011;
            BigInteger u1 = Mod(u2 * d);
            Assert.Equal(G.Multiply(Bc(u1)).Normalize(), Q(d).Multiply(Bc(u2)).Normalize());
            AcceptsAndRefusesNeighbours(Q(d), X(Sum(u1, Q(d), u2)), u1, u2);
        }
    }

    [Fact]
    public void OppositeSummands_GiveInfinityAndAreRefused()
    {
        foreach (BigInteger u2 in EdgeScalars.Where(u => !u.IsZero))
        {
            BigInteger d = 987654321;
            BigInteger u1 = Mod(-u2 * d);
            Assert.True(Sum(u1, Q(d), u2).IsInfinity);
            foreach (BigInteger r in new[] { 1, 2, Order - 1, X(Q(d)) % Order, X(G) % Order, Prime - Order })
            {
                BigInteger s = Mod(r * Inverse(u2));
                Expect(false, Q(d), Mod(u1 * s), r, s);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1000000)]
    public void XFromTheOrderOn_IsComparedModuloTheOrder(int from)
    {
        // R is chosen with n <= x(R) < p, and then a key for which it comes out.
        ECPoint sum = PointFrom(Order + from);
        Assert.InRange(X(sum), Order + 1, Prime - 1);
        ECPoint key = KeyFor(sum, 31337, 271828);
        AcceptsAndRefusesNeighbours(key, X(sum), 31337, 271828);
    }

    [Fact]
    public void XAtTheEndOfTheField_IsComparedModuloTheOrder()
    {
        for (BigInteger from = Prime - 1; ; from--)
        {
            ECPoint sum = PointFrom(from);
            if (X(sum) >= Order)
            {
                AcceptsAndRefusesNeighbours(KeyFor(sum, 4, Order - 9), X(sum), 4, Order - 9);
                break;
            }
        }
    }

    [Fact]
    public void XJustBelowTheOrder_AndSmallX_AreNotTakenForEachOther()
    {
        // R has x = r for a small r: the candidate r + n must not be needed, and R with x = r + n must not be the only one taken.
        ECPoint small = PointFrom(1);
        AcceptsAndRefusesNeighbours(KeyFor(small, 99, 101), X(small), 99, 101);
        ECPoint below = PointFrom(Order - 1000);
        Assert.True(X(below) < Order);
        AcceptsAndRefusesNeighbours(KeyFor(below, 99, 101), X(below), 99, 101);
    }

    [Fact]
    public void DigestsOfTheOrderAndMore_AreReduced()
    {
        ECPoint key = Q(5555);
        foreach (BigInteger e in new[] { 0, 1, Order - 1, Order, Order + 1, Prime, (BigInteger.One << 384) - 1 })
        {
            BigInteger k = 424242;
            BigInteger r = X(G.Multiply(Bc(k)).Normalize()) % Order;
            BigInteger s = Mod((e + (r * 5555)) * Inverse(k));
            Expect(true, key, e, r, s);
            Expect(true, key, e, r, Order - s);
            Expect(false, key, e ^ 1, r, s);
            Expect(false, key, e ^ (BigInteger.One << 383), r, s);
        }
    }

    [Fact]
    public void NumbersOutOfRange_AreRefused()
    {
        ECPoint key = Q(42);
        BigInteger r = X(Sum(3, key, 2)) % Order;
        BigInteger s = Mod(r * Inverse(2));
        BigInteger e = Mod(3 * s);
        Expect(true, key, e, r, s);
        foreach ((BigInteger badR, BigInteger badS) in new (BigInteger, BigInteger)[] { (0, s), (r, 0), (0, 0), (Order, s), (r, Order), (Prime, s), ((BigInteger.One << 384) - 1, s), (r, (BigInteger.One << 384) - 1) })
        {
            Expect(false, key, e, badR, badS);
        }

        // x(R) itself where it is n or more, instead of its rest.
        ECPoint sum = PointFrom(Order + 1);
        ECPoint special = KeyFor(sum, 6, 7);
        s = Mod(X(sum) * Inverse(7));
        Expect(true, special, Mod(6 * s), X(sum) - Order, s);
        Expect(false, special, Mod(6 * s), X(sum), s);
    }

    private static ECPoint Q(BigInteger d) => G.Multiply(Bc(d)).Normalize();

    // Q with u1 G + u2 Q = R.
    private static ECPoint KeyFor(ECPoint sum, BigInteger u1, BigInteger u2) => sum.Subtract(G.Multiply(Bc(u1))).Multiply(Bc(Inverse(u2))).Normalize();

    private static void AcceptsAndRefusesNeighbours(ECPoint key, BigInteger x, BigInteger u1, BigInteger u2)
    {
        BigInteger r = x % Order;
        BigInteger s = Mod(r * Inverse(u2));
        BigInteger e = Mod(u1 * s);
        Expect(true, key, e, r, s);
        Expect(true, key, e, r, Order - s);
        Expect(false, key, e, r == 1 ? 2 : r - 1, s);
        Expect(false, key, e, r, s == 1 ? 2 : s - 1);
        Expect(false, key, e ^ 2, r, s);

        // Of u1 G + u2 Q and u1 G - u2 Q the x are the same only without the first summand.
        Expect(u1.IsZero, key.Negate(), e, r, s);
    }

    private static void Expect(bool isValid, ECPoint key, BigInteger e, BigInteger r, BigInteger s)
    {
        byte[] point = Encode(key);
        byte[] digest = Bytes(e);
        byte[] signature = Signature(r, s);
        Assert.True(EcdsaP384Key.TryCreate(point, out EcdsaP384Key? whole));
        bool platform = whole.VerifyDigest(digest, signature, SignatureEngine.OpenSsl);
        Assert.Equal(platform, whole.VerifyDigest(digest, signature, SignatureEngine.BouncyCastle));
        if (P384.IsInRange(signature))
        {
            Assert.Equal(platform, TableOf(point).Verify(digest, signature));
        }

        Assert.True(platform == isValid, $"key {Convert.ToHexString(point)} digest {Convert.ToHexString(digest)} signature {Convert.ToHexString(signature)}");
    }

    // One table for a key of many cases.
    private static BouncyCastleEcdsaP384Verifier TableOf(byte[] point)
    {
        string name = Convert.ToHexString(point);
        if (!Tables.TryGetValue(name, out BouncyCastleEcdsaP384Verifier? verifier))
        {
            verifier = new BouncyCastleEcdsaP384Verifier(point, usesBeforeTable: 0);
            Assert.True(verifier.HasTable);
            Tables[name] = verifier;
        }

        return verifier;
    }

    private static readonly Dictionary<string, BouncyCastleEcdsaP384Verifier> Tables = [];
}
