using System.Security.Cryptography;
using SevSnp.Crypto;

namespace SevSnp.Tests.Crypto;

/// <summary>Eight hashes at once are the eight hashes of the platform.</summary>
public sealed class Sha384LanesTests
{
    private const string SkipReason = "SKIPPED, NOT PASSED: this processor has no AVX-512.";

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(4096)]
    [InlineData(128 * 511)]
    public void Digests_AreThoseOfThePlatform(int length)
    {
        Assert.SkipUnless(Sha384Lanes.IsSupported, SkipReason);
        Random random = new(length);
        for (int i = 0; i < 16; i++)
        {
            byte[][] messages = [.. Enumerable.Range(0, Sha384Lanes.Count).Select(_ => Bytes(random, length))];
            Assert.Equal(messages.Select(m => Convert.ToHexString(SHA384.HashData(m))), Hash(messages));
        }
    }

    [Fact]
    public void EveryBit_MattersInItsLaneOnly()
    {
        Assert.SkipUnless(Sha384Lanes.IsSupported, SkipReason);
        byte[][] messages = [.. Enumerable.Range(0, Sha384Lanes.Count).Select(_ => new byte[128])];
        string[] before = Hash(messages);
        for (int bit = 0; bit < 1024; bit++)
        {
            int lane = bit % Sha384Lanes.Count;
            messages[lane][bit / 8] ^= (byte)(1 << (bit % 8));
            string[] after = Hash(messages);
            messages[lane][bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal([lane], Enumerable.Range(0, Sha384Lanes.Count).Where(i => before[i] != after[i]));
        }
    }

    [Fact]
    public void OtherLengths_AreADefectOfTheCaller()
    {
        Assert.SkipUnless(Sha384Lanes.IsSupported, SkipReason);
        byte[][] messages = [.. Enumerable.Range(0, Sha384Lanes.Count).Select(_ => new byte[128])];
        messages[7] = new byte[256];
        Assert.Throws<ArgumentException>(() => Hash(messages));
        Assert.Throws<ArgumentException>(() => Hash([.. Enumerable.Range(0, Sha384Lanes.Count).Select(_ => new byte[127])]));
    }

    private static string[] Hash(byte[][] m)
    {
        byte[] digests = new byte[Sha384Lanes.Count * 48];
        Sha384Lanes.Hash(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], digests);
        return [.. digests.Chunk(48).Select(Convert.ToHexString)];
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
