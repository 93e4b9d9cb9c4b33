using System.Numerics;
using Org.BouncyCastle.Math.EC;
using SevSnp.Crypto;
using static SevSnp.Tests.Crypto.P384Math;

namespace SevSnp.Tests.Crypto;

public class P384CombTests
{
    private const int Seed = 384;

    private static readonly BigInteger[] Edges =
        [0, 1, 2, 3, Order - 1, Order - 2, Order / 2, (Order / 2) + 1, BigInteger.One << 383, (BigInteger.One << 383) - 1, (BigInteger.One << 12) - 1, (BigInteger.One << 14) - 1, BigInteger.One << 380];

    [Fact]
    public void Tables_HaveTheSizeThatIsPromised()
    {
        Assert.Equal(288 * 1024, P384Comb.OfKey(G).Size);
        Assert.Equal(6144 * 1024, P384Comb.Base.Size);
    }

    // Against double-and-add, which has no table, no digits and no negatives.
    [Fact]
    public void SumsOfEdgeMultiples_AreThoseOfDoubleAndAdd()
    {
        ECPoint q = G.Multiply(Bc(1000003)).Normalize();
        P384Comb comb = P384Comb.OfKey(q);
        Dictionary<BigInteger, ECPoint> ofG = Edges.ToDictionary(u => u, u => ECAlgorithms.ReferenceMultiply(G, Bc(u)));
        Dictionary<BigInteger, ECPoint> ofQ = Edges.ToDictionary(v => v, v => ECAlgorithms.ReferenceMultiply(q, Bc(v)));
        foreach (BigInteger u in Edges)
        {
            foreach (BigInteger v in Edges)
            {
                Assert.Equal(ofG[u].Add(ofQ[v]).Normalize(), P384Comb.SumOfTwoMultiples(P384Comb.Base, u, comb, v).Normalize());
            }
        }
    }

    [Fact]
    public void SumsThatCancelOut_AreInfinity()
    {
        P384Comb comb = P384Comb.OfKey(G.Negate().Normalize());
        foreach (BigInteger u in Edges)
        {
            Assert.True(P384Comb.SumOfTwoMultiples(P384Comb.Base, u, comb, u).IsInfinity);
        }

        Assert.False(P384Comb.SumOfTwoMultiples(P384Comb.Base, 2, comb, 1).IsInfinity);
    }

    [Fact]
    public void TheSamePointTwice_IsDoubled()
    {
        P384Comb comb = P384Comb.OfKey(G);
        foreach (BigInteger u in Edges)
        {
            Assert.Equal(
                ECAlgorithms.ReferenceMultiply(G, Bc(Mod(2 * u))).Normalize(),
                P384Comb.SumOfTwoMultiples(P384Comb.Base, u, comb, u).Normalize());
        }
    }

    [Theory]
    [InlineData(384)]
    [InlineData(385)]
    [InlineData(390)]
    [InlineData(392)]
    public void Signs_AddUpToTheNumberOrItsNegative(int count)
    {
        Random random = new(Seed);
        byte[] bytes = new byte[48];
        foreach (BigInteger scalar in Edges.Concat(Enumerable.Range(0, 200).Select(_ =>
        {
            random.NextBytes(bytes);
            return Read(bytes) % Order;
        })))
        {
            ulong[] signs = new ulong[7];
            bool isNegated = P384Scalars.WriteSigns(scalar, count, signs);
            BigInteger sum = 0;
            for (int i = 0; i < count; i++)
            {
                BigInteger power = BigInteger.One << i;
                sum += ((signs[i / 64] >> (i % 64)) & 1) == 1 ? power : -power;
            }

            Assert.Equal(scalar, Mod(isNegated ? -sum : sum));
        }
    }
}
