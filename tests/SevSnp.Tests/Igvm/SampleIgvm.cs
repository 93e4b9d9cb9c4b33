using SevSnp.Igvm;
using SevSnp.Igvm.Reading;

namespace SevSnp.Tests.Igvm;

/// <summary>Small files of our own.</summary>
internal static class SampleIgvm
{
    public const uint Snp = 1;
    public const uint Tdx = 4;
    public const ulong Policy = 0x30000;
    public const ulong VmsaGpa = 0xFFFFFFFFF000;

    /// <summary>Two pages, a zero page, a parameter area of two pages and a save area, for SEV-SNP and TDX.</summary>
    public static IgvmBuilder Builder(int version = 1) => Start(version)
        .ParameterArea(0, 0x2000)
        .Header(IgvmHeaderType.VpCount, new ParameterHeader(0, 8).ToBytes())
        .Insert(0x40000, Snp, 0)
        .Page(0x10000, Snp | Tdx, PageOf(1))
        .Page(0x11000, Snp, PageOf(2))
        .Page(0x12000, Snp)
        .VpContext(VmsaGpa, Snp, Vmsa());

    public static IgvmBuilder Start(int version = 1) => new IgvmBuilder(version)
        .Platform(IgvmPlatformType.SevSnp, Snp)
        .Platform(IgvmPlatformType.Tdx, Tdx)
        .Policy(Policy, Snp);

    public static byte[] PageOf(byte value)
    {
        byte[] page = new byte[4096];
        page.AsSpan().Fill(value);
        return page;
    }

    /// <summary>A save area that KVM would make the same way: CR0 0x31.</summary>
    public static byte[] Vmsa(byte mark = 0)
    {
        byte[] vmsa = new byte[4096];
        vmsa[0x158] = 0x31;
        vmsa[0x178] = mark;
        return vmsa;
    }

    public static byte[] IdBlock(uint mask = Snp, byte authorKeyEnabled = 0)
    {
        byte[] block = new byte[SnpIdBlockHeader.Size];
        BitConverter.TryWriteBytes(block, mask);
        block[4] = authorKeyEnabled;
        block.AsSpan(8, 48).Fill(0xA5);
        return block;
    }

    /// <summary>Makes the checksum right again: it covers the fixed header without itself, and the variable headers.</summary>
    public static void Rechecksum(byte[] bytes)
    {
        int size = BitConverter.ToInt32(bytes, 4) == 2 ? 32 : 24;
        int offset = BitConverter.ToInt32(bytes, 8);
        int length = BitConverter.ToInt32(bytes, 12);
        bytes.AsSpan(20, 4).Clear();
        uint state = Crc32.Update(Crc32.Start, bytes.AsSpan(0, size));
        state = Crc32.Update(state, bytes.AsSpan(offset, length));
        BitConverter.TryWriteBytes(bytes.AsSpan(20), Crc32.Finish(state));
    }

    public static IgvmFile Read(byte[] bytes, IgvmStrictness strictness = IgvmStrictness.Strict)
    {
        Assert.True(IgvmReader.TryRead(bytes, new IgvmReadOptions { Strictness = strictness }, out IgvmFile? file, out IgvmFault fault), fault.ToString());
        return file;
    }

    public static IgvmFault Refusal(byte[] bytes, IgvmStrictness strictness = IgvmStrictness.Lenient, IgvmLimits? limits = null)
    {
        IgvmReadOptions options = new() { Strictness = strictness, Limits = limits ?? IgvmLimits.Format };
        Assert.False(IgvmReader.TryRead(bytes, options, out _, out IgvmFault fault));
        return fault;
    }
}
