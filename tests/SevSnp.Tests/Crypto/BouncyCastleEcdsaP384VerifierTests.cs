using System.Security.Cryptography;
using SevSnp.Crypto;

namespace SevSnp.Tests.Crypto;

public sealed class BouncyCastleEcdsaP384VerifierTests : IDisposable
{
    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Table_IsMadeByValidSignaturesAlone()
    {
        BouncyCastleEcdsaP384Verifier verifier = new(Point());
        (byte[] digest, byte[] good) = Signed(1);
        byte[] bad = [.. good];
        bad[95] ^= 1;
        for (int i = 1; i < BouncyCastleEcdsaP384Verifier.UsesBeforeTable; i++)
        {
            Assert.True(verifier.Verify(digest, good));
            Assert.False(verifier.Verify(digest, bad));
            Assert.False(verifier.Verify(digest, bad));
        }

        Assert.False(verifier.HasTable);
        Assert.False(verifier.Verify(digest, bad));
        Assert.False(verifier.HasTable);
        Assert.True(verifier.Verify(digest, good));
        Assert.True(verifier.HasTable);
        Assert.True(verifier.Verify(digest, good));
        Assert.False(verifier.Verify(digest, bad));
    }

    [Fact]
    public void T11_ManyThreads_SeeTheSameBeforeAndAfterTheTable()
    {
        BouncyCastleEcdsaP384Verifier verifier = new(Point());
        (byte[] Digest, byte[] Signature)[] signed = [.. Enumerable.Range(0, 8).Select(Signed)];
        Parallel.For(0, 8 * BouncyCastleEcdsaP384Verifier.UsesBeforeTable, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            (byte[] digest, byte[] signature) = signed[i % signed.Length];
            Assert.True(verifier.Verify(digest, signature));
            Assert.False(verifier.Verify(signed[(i + 1) % signed.Length].Digest, signature));
        });
        Assert.True(verifier.HasTable);
    }

    [Fact]
    public void Tables_AreNoMoreThanTheirPlaces_AndGoToTheKeysInUse()
    {
        P384Tables tables = new(2);
        (byte[] digest, byte[] good) = Signed(1);
        byte[] bad = [.. good];
        bad[95] ^= 1;
        BouncyCastleEcdsaP384Verifier[] keys = [.. Enumerable.Range(0, 4).Select(_ => new BouncyCastleEcdsaP384Verifier(Point(), usesBeforeTable: 2, tables))];
        foreach (BouncyCastleEcdsaP384Verifier key in keys)
        {
            Use(key, 4);
        }

        Assert.Equal([true, true, false, false], keys.Select(k => k.HasTable));
        Use(keys[1], 201);
        Use(keys[2], 2);
        Assert.Equal([false, true, true, false], keys.Select(k => k.HasTable));

        // The key that lost its table verifies as before, and earns no other while the two are in use.
        Use(keys[0], 4);
        Assert.Equal([false, true, true, false], keys.Select(k => k.HasTable));
        Assert.Equal(2, tables.Taken);

        void Use(BouncyCastleEcdsaP384Verifier key, int times)
        {
            for (int i = 0; i < times; i++)
            {
                Assert.True(key.Verify(digest, good));
                Assert.False(key.Verify(digest, bad));
            }
        }
    }

    [Fact]
    public void T11_ManyThreads_SeeTheSameWhileTablesComeAndGo()
    {
        P384Tables tables = new(1);
        (byte[] digest, byte[] good) = Signed(1);
        byte[] bad = [.. good];
        bad[50] ^= 1;
        BouncyCastleEcdsaP384Verifier[] keys = [.. Enumerable.Range(0, 3).Select(_ => new BouncyCastleEcdsaP384Verifier(Point(), usesBeforeTable: 1, tables))];
        Parallel.For(0, 3000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            BouncyCastleEcdsaP384Verifier key = keys[i / 300 % keys.Length];
            Assert.True(key.Verify(digest, good));
            Assert.False(key.Verify(digest, bad));
        });
        Assert.Equal(1, tables.Taken);
        Assert.True(keys.Count(k => k.HasTable) <= 1);
    }

    [Fact]
    public void Table_OfAnotherKey_RefusesTheSignature()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        (byte[] digest, byte[] signature) = Signed(3);
        Assert.True(new BouncyCastleEcdsaP384Verifier(Point(), usesBeforeTable: 0).Verify(digest, signature));
        Assert.False(new BouncyCastleEcdsaP384Verifier(Point(other), usesBeforeTable: 0).Verify(digest, signature));
    }

    [Fact]
    public void Verification_AllocatesLittleOnceTheTableIsThere()
    {
        BouncyCastleEcdsaP384Verifier verifier = new(Point(), usesBeforeTable: 0);
        (byte[] digest, byte[] signature) = Signed(4);
        Assert.True(verifier.Verify(digest, signature));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(verifier.Verify(digest, signature));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 240_000);
    }

    [Fact]
    public void PointBesideTheCurve_IsADefectOfTheCaller()
    {
        byte[] point = Point();
        point[96] ^= 1;
        Assert.Throws<ArgumentException>(() => new BouncyCastleEcdsaP384Verifier(point));
    }

    private (byte[] Digest, byte[] Signature) Signed(int message)
    {
        byte[] digest = SHA384.HashData(BitConverter.GetBytes(message));
        return (digest, _signer.SignHash(digest));
    }

    private byte[] Point() => Point(_signer);

    private static byte[] Point(ECDsa key)
    {
        ECParameters parameters = key.ExportParameters(false);
        return [0x04, .. parameters.Q.X!, .. parameters.Q.Y!];
    }
}
