using SevSnp.IdBlocks;

namespace SevSnp.Tests.IdBlocks;

/// <summary>No changed bit of an ID block or of its authentication page survives parsing and verification.</summary>
public class IdAuthMutationTests
{
    [Fact]
    public void EverySingleBitFlipOfAPageWithAuthor_IsRefused()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        Assert.Empty(SurvivingBits(page));
    }

    // Without an author key the number of its algorithm says nothing, and tools write 0 or 1.
    [Fact]
    public void EverySingleBitFlipOfAPageWithoutAuthor_IsRefusedButForTheUnusedAlgorithm()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id).ToArray();
        Assert.Equal([4 * 8], SurvivingBits(page));
    }

    [Fact]
    public void EverySingleBitFlipOfTheBlock_IsRefused()
    {
        IdAuth auth = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author);
        byte[] good = TestKeys.Block.ToArray();
        Assert.True(IdBlock.TryParse(good, out IdBlock? unchanged, out _));
        Assert.Equal(IdAuthOutcome.Valid, auth.Verify(unchanged));
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] changed = Flip(good, bit);
            Assert.False(IdBlock.TryParse(changed, out IdBlock? block, out _) && auth.Verify(block) == IdAuthOutcome.Valid, $"bit {bit}");
        }
    }

    // n - s verifies too, as ECDSA has it; anything else in place of S does not.
    [Fact]
    public void SwappedNumbersAndKeys_AreRefused()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        Assert.False(Holds(Swap(page, 0x040, 0x040 + 72, 72)));
        Assert.False(Holds(Swap(page, 0x680, 0x680 + 72, 72)));
        Assert.False(Holds(Swap(page, 0x244, 0x244 + 72, 72)));
        Assert.False(Holds(Swap(page, 0x240, 0x880, SnpPublicKey.Size)));
        Assert.False(Holds(Swap(page, 0x040, 0x680, 512)));
    }

    private static List<int> SurvivingBits(byte[] page)
    {
        Assert.True(Holds(page));
        bool[] survives = new bool[page.Length * 8];
        Parallel.For(0, survives.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, bit => survives[bit] = Holds(Flip(page, bit)));
        return [.. Enumerable.Range(0, survives.Length).Where(bit => survives[bit])];
    }

    private static bool Holds(byte[] page) => IdAuth.TryParse(page, out IdAuth? auth, out _) && auth.Verify(TestKeys.Block) == IdAuthOutcome.Valid;

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] changed = [.. bytes];
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private static byte[] Swap(byte[] bytes, int left, int right, int length)
    {
        byte[] changed = [.. bytes];
        bytes.AsSpan(left, length).CopyTo(changed.AsSpan(right));
        bytes.AsSpan(right, length).CopyTo(changed.AsSpan(left));
        return changed;
    }
}
