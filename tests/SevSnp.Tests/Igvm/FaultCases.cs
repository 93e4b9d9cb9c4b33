using System.Buffers.Binary;
using SevSnp.Igvm;
using F = SevSnp.Igvm.IgvmFaultId;

namespace SevSnp.Tests.Igvm;

/// <summary>For each fault one file of our own that has it, made by changing one field of a good one.</summary>
internal static class FaultCases
{
    private const uint Snp = SampleIgvm.Snp;
    private const uint Vsm = 8;
    private static readonly byte[] Page = SampleIgvm.PageOf(1);

    public static IReadOnlyDictionary<IgvmFaultId, Func<byte[]>> All { get; } = new Dictionary<IgvmFaultId, Func<byte[]>>
    {
        [F.FileTooShort] = () => Good()[..23],
        [F.MagicIsWrong] = () => Fixed(0, 0x4D56474A),
        [F.FormatVersionUnknown] = () => Fixed(4, 4),
        [F.TotalSizeWrong] = () => [.. Good(), 0],
        [F.ArchitectureUnknown] = () => Fixed(24, 2, 2),
        [F.PageSizeUnsupported] = () => Fixed(28, 8192, 2),
        [F.HeaderSectionBeyondFile] = () => Fixed(12, 0x7FFF_FFFF),
        [F.FileDataAbsent] = () => Start().Build(),
        [F.HeaderSectionInFixedHeader] = () => Fixed(8, 16),
        [F.HeaderSectionUnaligned] = Unaligned,
        [F.ChecksumWrong] = () => Fixed(20, 1),
        [F.HeaderCut] = () => Fixed(12, 20, repair: true),
        [F.HeaderTypeUnknown] = () => Raw(0x3F0, 8),
        [F.HeaderTypeReserved] = () => Raw(0x306, 8),
        [F.HeaderTypeOutsideRanges] = () => Raw(0x250, 8),
        [F.OptionalBitOnKnownType] = () => Raw(0x8000_0302, 24),
        [F.HeaderLengthWrong] = () => Raw(0x302, 25),
        [F.SectionOrderBroken] = () => With(b => b.Page(0, Snp).Policy(SampleIgvm.Policy, 4)),
        [F.PaddingNotZero] = Padding,
        [F.PlatformAbsent] = () => new IgvmBuilder().Page(0, Snp, Page).Build(),
        [F.PlatformMaskNotOneBit] = () => Platform(new PlatformHeader(3, 0, 2, 1, 0)),
        [F.PlatformMaskTwice] = () => Platform(new PlatformHeader(1, 0, 2, 1, 0), new PlatformHeader(1, 0, 3, 1, 0)),
        [F.PlatformTypeUnknown] = () => Platform(new PlatformHeader(1, 0, 7, 1, 0)),
        [F.PlatformTypeTwice] = () => Platform(new PlatformHeader(1, 0, 2, 1, 0), new PlatformHeader(2, 0, 2, 1, 0)),
        [F.PlatformVersionUnknown] = () => Platform(new PlatformHeader(1, 0, 2, 2, 0)),
        [F.PlatformNotOnArchitecture] = () => Platform(new PlatformHeader(1, 0, 6, 1, 0)),
        [F.HighestVtlInvalid] = () => Platform(new PlatformHeader(1, 1, 2, 1, 0)),
        [F.SharedBoundaryNotZero] = () => Platform(new PlatformHeader(1, 0, 0, 1, 4096)),
        [F.MaskZero] = () => With(b => b.Page(0, 0, Page)),
        [F.PolicyTwice] = () => With(b => b.Policy(SampleIgvm.Policy, Snp)),
        [F.PolicyBit17Clear] = () => Bare(b => b.Policy(0x10000, Snp)),
        [F.PolicyReservedBits] = () => Bare(b => b.Policy(SampleIgvm.Policy | (1UL << 26), Snp)),
        [F.InitializationNotOnArchitecture] = () => Bare(b => b.Header(IgvmHeaderType.CcaPolicy, new byte[32])),
        [F.VtlInvalid] = () => Region(Area() with { Vtl = 3 }),
        [F.RelocationFlagsReserved] = () => Region(Area() with { Flags = 8 }),
        [F.RelocationSizeZero] = () => Region(Area() with { SizeBytes = 0 }),
        [F.RelocationSizeUnaligned] = () => Region(Area() with { SizeBytes = 0x1001 }),
        [F.RelocationAlignmentZero] = () => Region(Area() with { Alignment = 0 }),
        [F.RelocationAlignmentUnaligned] = () => Region(Area() with { Alignment = 0x800 }),
        [F.RelocationAddressUnaligned] = () => Region(Area() with { MaximumGpa = 0x40000800 }),
        [F.RelocationOverflows] = () => Region(Area() with { Gpa = ulong.MaxValue - 0xFFF, SizeBytes = 0x2000 }),
        [F.RelocationsOverlap] = () => Region(Area(), Area() with { Gpa = 0x201000 }),
        [F.PageTableUsedSizeTooLarge] = () => Table(new(Vsm, 0, 0, 0, 0x300000, 0x1000, 0x2000)),
        [F.PageTableTwice] = () => Table(new(Vsm, 0, 0, 0, 0x300000, 0x1000, 0x1000), new PageTableRelocationHeader(Vsm, 0, 0, 0, 0x400000, 0x1000, 0)),
        [F.RelocationVpContextAbsent] = () => Region(Area() with { VpIndex = 1 }),
        [F.CorimDocumentTwice] = () => Bare(b => Corim(Corim(b, IgvmHeaderType.CorimDocument), IgvmHeaderType.CorimDocument)),
        [F.CorimSignatureTwice] = () => Bare(b => Corim(Corim(Corim(b, IgvmHeaderType.CorimDocument), IgvmHeaderType.CorimSignature), IgvmHeaderType.CorimSignature)),
        [F.CorimDocumentAbsent] = () => Bare(b => Corim(b, IgvmHeaderType.CorimSignature)),
        [F.GpaUnaligned] = () => With(b => b.Page(0x800, Snp, Page)),
        [F.SizeUnaligned] = () => With(b => b.ParameterArea(0, 0x1800)),
        [F.GpaOverflows] = () => With(b => b.Page(ulong.MaxValue - 0xFFF, Snp, default, 1)),
        [F.GpaBeyondPhysical] = () => With(b => b.Page(1UL << 52, Snp, Page)),
        [F.LargePageUnaligned] = () => With(b => b.Page(0x1000, Snp, default, 1)),
        [F.PageFlagsReserved] = () => With(b => b.Page(0, Snp, Page, 8)),
        [F.PageDataTypeUnknown] = () => With(b => b.Page(0, Snp, Page, 0, (IgvmPageDataType)4)),
        [F.ReservedNotZero] = () => Bare(b => b.Header(IgvmHeaderType.GuestPolicy, new GuestPolicyHeader(SampleIgvm.Policy, Snp, 1).ToBytes())),
        [F.RequiredMemoryFlagsReserved] = () => With(b => b.Header(IgvmHeaderType.RequiredMemory, new RequiredMemoryHeader(0, Snp, 0x1000, 2, 0).ToBytes())),
        [F.DataOffsetInHeaders] = () => With(b => b.Header(IgvmHeaderType.PageData, new PageDataHeader(0, Snp, 8, 0, 0, 0).ToBytes())),
        [F.DataPastEnd] = () => SampleIgvm.Start().Page(0, Snp, Page.AsMemory(0, 4095)).Build(),
        [F.ParameterAreaTwice] = () => With(b => b.ParameterArea(0, 0x1000).ParameterArea(0, 0x1000)),
        [F.ParameterAreaUndeclared] = () => With(b => b.Insert(0, Snp, 0)),
        [F.ParameterAreaInserted] = () => With(b => b.ParameterArea(0, 0x1000).Insert(0, Snp, 0).Insert(0x1000, Snp, 0)),
        [F.ParameterOutsideArea] = () => With(b => b.ParameterArea(0, 0x1000).Header(IgvmHeaderType.VpCount, new ParameterHeader(0, 0xFFD).ToBytes())),
        [F.InsertInPageTable] = () => Table(new(Vsm, 0, 0, 0, 0x300000, 0x1000, 0), more: b => b.ParameterArea(0, 0x1000).Insert(0x300000, Vsm, 0)),
        [F.PagesOverlap] = () => With(b => b.Page(0, Snp, Page).Page(0, Snp, Page)),
        [F.ParameterAreaOverlaps] = () => With(b => b.Page(0x1000, Snp, Page).ParameterArea(0, 0x2000).Insert(0, Snp, 0)),
        [F.VmsaOverlaps] = () => With(b => b.Page(0, Snp, Page).VpContext(0, Snp, SampleIgvm.Vmsa())),
        [F.VpContextPlatformInvalid] = () => With(b => b.VpContext(0, SampleIgvm.Tdx, SampleIgvm.Vmsa())),
        [F.VpContextDataAbsent] = () => With(b => b.VpContext(0, Snp, default)),
        [F.VpContextReserved] = () => With(b => b.Header((uint)IgvmHeaderType.VpContext, new VpContextHeader(0, Snp, 0, 0, 1).ToBytes(), SampleIgvm.Vmsa())),
        [F.VpContextGpaNotZero] = () => Vbs(Registers(1), 0x1000),
        [F.VpContextTwice] = () => With(b => b.VpContext(0, Snp, SampleIgvm.Vmsa()).VpContext(0x1000, Snp, SampleIgvm.Vmsa())),
        [F.VmsaTailNotZero] = () => With(b => b.VpContext(0, Snp, Tail())),
        [F.VsmVpIndexNotZero] = () => Vbs(Registers(1), 0, 1),
        [F.VsmContextBeyondFile] = () => Vbs(new byte[3]),
        [F.VsmRegistersAbsent] = () => Vbs(new byte[4]),
        [F.VsmRegisterCountTooLarge] = () => Vbs(Registers(1)[..35]),
        [F.VsmVtlsDiffer] = () => Vbs(Registers(2, 36)),
        [F.IdBlockTwice] = () => With(b => b.Header(IgvmHeaderType.SnpIdBlock, SampleIgvm.IdBlock()).Header(IgvmHeaderType.SnpIdBlock, SampleIgvm.IdBlock())),
        [F.IdBlockReserved] = () => IdBlock(5),
        [F.AuthorKeyFlagInvalid] = () => IdBlock(4, 2),
        [F.AuthorFieldsWithoutKey] = () => IdBlock(0x190),
    };

    private static byte[] Good(int version = 1) => SampleIgvm.Builder(version).Build();

    private static IgvmBuilder Start() => new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Snp).Platform(IgvmPlatformType.Vsm, Vsm);

    private static byte[] With(Func<IgvmBuilder, IgvmBuilder> add) => add(SampleIgvm.Start()).Data(Page).Build();

    private static byte[] Bare(Func<IgvmBuilder, IgvmBuilder> add) => add(new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Snp)).Page(0, Snp, Page).Build();

    private static byte[] Fixed(int at, uint value, int version = 1, bool repair = false)
    {
        byte[] file = Good(version);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        if (repair)
        {
            SampleIgvm.Rechecksum(file);
        }

        return file;
    }

    private static byte[] Unaligned()
    {
        byte[] good = SampleIgvm.Start().Data(Page).Build();
        byte[] file = [.. good[..24], 0, 0, 0, 0, .. good[24..]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), file.Length);
        SampleIgvm.Rechecksum(file);
        return file;
    }

    private static byte[] Padding()
    {
        byte[] file = Good();
        file[(int)SampleIgvm.Read(file).Headers.Last().BodyOffset + VpContextHeader.Size] = 0x30;
        SampleIgvm.Rechecksum(file);
        return file;
    }

    private static byte[] Raw(uint type, int length) => SampleIgvm.Start().Header(type, new byte[length]).Data(Page).Build();

    private static byte[] Platform(params PlatformHeader[] platforms)
    {
        IgvmBuilder builder = new();
        foreach (PlatformHeader platform in platforms)
        {
            builder.Header(IgvmHeaderType.SupportedPlatform, platform.ToBytes());
        }

        return builder.Page(0, Snp, Page).Build();
    }

    private static RelocatableRegionHeader Area() => new(Vsm, 0, 0, 2, 0x1000, 0x200000, 0x10000, 0x100000, 0x40000000);

    private static byte[] Region(params RelocatableRegionHeader[] regions)
    {
        IgvmBuilder builder = Start();
        foreach (RelocatableRegionHeader region in regions)
        {
            builder.Header(IgvmHeaderType.RelocatableRegion, region.ToBytes());
        }

        return builder.VpContext(0, Vsm, Registers(1)).Build();
    }

    private static byte[] Table(PageTableRelocationHeader one, PageTableRelocationHeader? other = null, Func<IgvmBuilder, IgvmBuilder>? more = null)
    {
        IgvmBuilder builder = Start().Header(IgvmHeaderType.PageTableRelocation, one.ToBytes());
        if (other is { } second)
        {
            builder.Header(IgvmHeaderType.PageTableRelocation, second.ToBytes());
        }

        return (more?.Invoke(builder) ?? builder).VpContext(0, Vsm, Registers(1)).Build();
    }

    private static IgvmBuilder Corim(IgvmBuilder builder, IgvmHeaderType type) =>
        builder.Header((uint)type, new CorimHeader(Snp, 0, 40, 0).ToBytes(), new byte[40]);

    private static byte[] Vbs(byte[] data, ulong gpa = 0, ushort vpIndex = 0) => Start().VpContext(gpa, Vsm, data, vpIndex).Build();

    private static byte[] Registers(int count, int otherVtlAt = -1)
    {
        byte[] data = new byte[4 + (count * 32)];
        data[0] = (byte)count;
        if (otherVtlAt >= 0)
        {
            data[otherVtlAt] = 2;
        }

        return data;
    }

    private static byte[] Tail()
    {
        byte[] vmsa = SampleIgvm.Vmsa();
        vmsa[0x670] = 1;
        return vmsa;
    }

    private static byte[] IdBlock(int at, byte value = 1)
    {
        byte[] block = SampleIgvm.IdBlock();
        block[at] = value;
        return With(b => b.Header(IgvmHeaderType.SnpIdBlock, block));
    }
}
