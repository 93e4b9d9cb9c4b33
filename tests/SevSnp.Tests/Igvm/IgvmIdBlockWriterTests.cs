using SevSnp.Igvm;
using SevSnp.Measurement;

namespace SevSnp.Tests.Igvm;

/// <summary>Adding an ID block loses nothing.</summary>
public sealed class IgvmIdBlockWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AddedIdBlock_IsTheLastDirective(int version)
    {
        IgvmFile before = SampleIgvm.Read(SampleIgvm.Builder(version).Build());
        byte[] block = SampleIgvm.IdBlock();
        IgvmFile after = Add(before, block);
        Assert.Equal(version, after.FormatVersion);
        Assert.Equal(before.HeaderCount + 1, after.HeaderCount);
        Assert.Equal(IgvmHeaderType.SnpIdBlock, after.Headers.Last().Type);
        Assert.Equal(block, after.Body(after.Headers.Last()).ToArray());
        Assert.Equal(before.Length + 704, after.Length);
        Assert.Equal(Data(before), Data(after));
        IgvmFile strict = SampleIgvm.Read(Bytes(after));
        Assert.Equal(after.HeaderCount, strict.HeaderCount);
    }

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void AddedIdBlock_LeavesTheDigest(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        IgvmFile before = SampleIgvm.Read(IgvmVectors.Bytes(file), IgvmStrictness.Lenient);
        if (before.Platform(IgvmPlatformType.SevSnp) is not { } snp)
        {
            Assert.False(IgvmIdBlockWriter.TryAdd(before, SampleIgvm.IdBlock(), out _, out IgvmWriteFaultId absent));
            Assert.Equal(IgvmWriteFaultId.PlatformAbsent, absent);
            return;
        }

        byte[] block = SampleIgvm.IdBlock(snp.CompatibilityMask);
        bool has = IgvmSummary.Of(before, snp).IdBlocks.Count > 0;
        bool optional = before.Headers.Any(h => h.IsOptional);
        bool added = IgvmIdBlockWriter.TryAdd(before, block, out IgvmFile? after, out IgvmWriteFaultId fault);
        Assert.Equal(has ? IgvmWriteFaultId.IdBlockPresent : optional ? IgvmWriteFaultId.OptionalHeaderPresent : IgvmWriteFaultId.None, fault);
        Assert.Equal(!has && !optional, added);
        if (added)
        {
            IgvmFile again = SampleIgvm.Read(Bytes(after!), IgvmStrictness.Lenient);
            Assert.Equal(before.WarningCounts.Keys.Order(), again.WarningCounts.Keys.Order());
            Assert.Equal(Digest(before), Digest(again));
            Assert.Equal(Data(before), Data(again));
            Assert.False(IgvmIdBlockWriter.TryAdd(again, block, out _, out fault));
            Assert.Equal(IgvmWriteFaultId.IdBlockPresent, fault);
        }
    }

    [Fact]
    public void BlockForAnotherPlatform_IsRefused()
    {
        IgvmFile file = SampleIgvm.Read(SampleIgvm.Builder().Build());
        foreach (uint mask in (uint[])[0, SampleIgvm.Tdx, SampleIgvm.Snp | SampleIgvm.Tdx, 8])
        {
            Assert.False(IgvmIdBlockWriter.TryAdd(file, SampleIgvm.IdBlock(mask), out IgvmFile? result, out IgvmWriteFaultId fault));
            Assert.Equal((IgvmWriteFaultId.PlatformAbsent, null), (fault, result));
        }
    }

    [Fact]
    public void PaddingAndGap_AreKept()
    {
        byte[] bytes = WithGap(SampleIgvm.Start().Page(0x10000, SampleIgvm.Snp).VpContext(SampleIgvm.VmsaGpa, SampleIgvm.Snp, SampleIgvm.Vmsa()).Build());
        int padding = (int)SampleIgvm.Read(bytes).Headers.Last().BodyOffset + VpContextHeader.Size;
        bytes[padding] = 0x30;
        SampleIgvm.Rechecksum(bytes);
        IgvmFile after = Add(SampleIgvm.Read(bytes, IgvmStrictness.Lenient), SampleIgvm.IdBlock());
        Assert.Equal(0x30, Bytes(after)[padding]);
        Assert.Equal([.. Enumerable.Repeat((byte)0x47, 16)], Bytes(after)[24..40]);
        Assert.Equal(40, after.HeaderSectionOffset);
        Assert.Equal(1, after.WarningCounts[IgvmFaultId.PaddingNotZero]);
    }

    [Fact]
    public void BlockOfAnotherLength_IsADefect() => Assert.Throws<ArgumentException>(
        () => IgvmIdBlockWriter.TryAdd(SampleIgvm.Read(SampleIgvm.Builder().Build()), new byte[695], out _, out _));

    [Fact]
    public void HeaderLimit_HoldsForTheResultToo()
    {
        byte[] bytes = SampleIgvm.Builder().Build();
        IgvmReadOptions full = new() { Limits = IgvmLimits.Format with { MaxHeaders = SampleIgvm.Read(bytes).HeaderCount } };
        Assert.True(IgvmReader.TryRead(bytes, full, out IgvmFile? file, out _));
        Assert.False(IgvmIdBlockWriter.TryAdd(file, SampleIgvm.IdBlock(), out _, out IgvmWriteFaultId fault));
        Assert.Equal(IgvmWriteFaultId.ResultRefused, fault);
    }

    // Sixteen bytes between the fixed header and the variable ones; the data and the one offset of it move along.
    private static byte[] WithGap(byte[] file)
    {
        byte[] moved = [.. file[..24], .. Enumerable.Repeat((byte)0x47, 16), .. file[24..]];
        BitConverter.TryWriteBytes(moved.AsSpan(8), 40);
        BitConverter.TryWriteBytes(moved.AsSpan(16), moved.Length);
        int offset = moved.Length - 4096 - 24 + 12;
        BitConverter.TryWriteBytes(moved.AsSpan(offset), BitConverter.ToInt32(moved, offset) + 16);
        SampleIgvm.Rechecksum(moved);
        return moved;
    }

    private static IgvmFile Add(IgvmFile file, byte[] block)
    {
        Assert.True(IgvmIdBlockWriter.TryAdd(file, block, out IgvmFile? result, out IgvmWriteFaultId fault), fault.ToString());
        return result;
    }

    private static byte[] Bytes(IgvmFile file)
    {
        using MemoryStream stream = new();
        file.Bytes.WriteTo(stream);
        return stream.ToArray();
    }

    private static byte[] Data(IgvmFile file) => Bytes(file)[(int)file.DataStart..];

    private static string Digest(IgvmFile file)
    {
        Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? measured, out _));
        return measured.Digest.ToString();
    }
}
