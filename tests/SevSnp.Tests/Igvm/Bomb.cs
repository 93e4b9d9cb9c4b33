using System.Buffers.Binary;
using SevSnp.Igvm;

namespace SevSnp.Tests.Igvm;

/// <summary>A file that asks for far more than it is worth.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Expected">What it must be refused for.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Strictness">How strictly it is read.</param>
internal sealed record Bomb(string Name, IgvmFaultId Expected, Func<byte[]> Make, IgvmStrictness Strictness = IgvmStrictness.Lenient);

/// <summary>Our own corpus of such files.</summary>
internal static class Bombs
{
    private const uint Snp = SampleIgvm.Snp;
    private const int Million = 1_000_000;
    private const ulong TiB = 1UL << 40;

    private static readonly byte[] Page = SampleIgvm.PageOf(7);

    public static IReadOnlyList<Bomb> All { get; } =
    [
        // Sizes that the file does not have.
        new("total-size-4gib", IgvmFaultId.TotalSizeWrong, () => Fixed(0x10, uint.MaxValue)),
        new("section-size-4gib", IgvmFaultId.HeaderSectionBeyondFile, () => Fixed(0x0C, uint.MaxValue)),
        new("section-offset-4gib", IgvmFaultId.HeaderSectionBeyondFile, () => Fixed(0x08, uint.MaxValue)),
        new("section-offset-and-size-wrap", IgvmFaultId.HeaderSectionBeyondFile, () => Fixed(0x08, 0x8000_0000, 0x0C, 0x8000_0018)),
        new("section-beyond-limit", IgvmFaultId.HeaderSectionTooLarge, () => Fixed(0x0C, (64 << 20) + 8, size: (64 << 20) + 64)),
        new("header-length-4gib", IgvmFaultId.HeaderCut, () => Raw(0x8000_03F0, uint.MaxValue)),
        new("header-length-2gib", IgvmFaultId.HeaderCut, () => Raw(0x8000_03F0, 0x8000_0000)),
        new("header-length-aligns-to-zero", IgvmFaultId.HeaderCut, () => Raw(0x8000_03F0, 0xFFFF_FFFD)),

        // Counts.
        new("headers-too-many", IgvmFaultId.TooManyHeaders, () => Filled(0x8000_03F0, (2 << 20) + 1)),
        new("headers-million-then-cut", IgvmFaultId.HeaderCut, () => Filled(0x8000_03F0, Million, tail: 4)),
        new("headers-million-then-unknown", IgvmFaultId.HeaderTypeUnknown, () => Filled(0x8000_03F0, Million, last: 0x3F1)),
        new("platforms-million", IgvmFaultId.PlatformTypeTwice, () => Repeat(IgvmHeaderType.SupportedPlatform, new PlatformHeader(2, 0, 3, 1, 0).ToBytes(), Million)),
        new("policies-million", IgvmFaultId.PlatformAbsent, () => Repeat(IgvmHeaderType.GuestPolicy, new GuestPolicyHeader(0x30000, 1, 0).ToBytes(), Million, platform: false)),
        new("parameter-areas-million", IgvmFaultId.TooManyParameterAreas, () => Numbered(Million, i => new ParameterAreaHeader(0x1000, i, 0).ToBytes(), IgvmHeaderType.ParameterArea)),
        new("vp-contexts-million", IgvmFaultId.TooManyVpContexts, () => WithVmsa(Million)),
        new("vp-contexts-for-one-vp", IgvmFaultId.TooManyVpContexts, () => WithVmsa(100_000, distinct: false)),
        new("relocations-million", IgvmFaultId.TooManyRelocations, () => Numbered(Million, i => Region(i * 0x1000UL), IgvmHeaderType.RelocatableRegion)),
        new("relocations-all-overlap", IgvmFaultId.RelocationsOverlap, () => Numbered(255, i => Region(0), IgvmHeaderType.RelocatableRegion)),
        new("relocations-nested", IgvmFaultId.RelocationsOverlap, () => Numbered(255, i => Region(i * 0x1000UL, TiB), IgvmHeaderType.RelocatableRegion)),
        new("relocations-without-contexts", IgvmFaultId.RelocationVpContextAbsent, () => Numbered(256, i => Region(i * 0x1000UL), IgvmHeaderType.RelocatableRegion)),

        // Pages that the file does not pay for.
        new("large-pages-32-gib", IgvmFaultId.TooManyPages, () => Numbered(16_384, i => LargePage(i), IgvmHeaderType.PageData)),
        new("large-pages-2-tib", IgvmFaultId.TooManyPages, () => Numbered(Million, i => LargePage(i), IgvmHeaderType.PageData)),
        new("large-pages-of-one-place", IgvmFaultId.TooManyPages, LargePagesOfOnePlace),
        new("area-16-tib", IgvmFaultId.ParameterAreaTooLarge, () => Area(16 * TiB)),
        new("area-2-to-32-pages", IgvmFaultId.ParameterAreaTooLarge, () => Area(1UL << 44)),
        new("area-2-to-63-bytes", IgvmFaultId.ParameterAreaTooLarge, () => Area(1UL << 63)),
        new("area-largest-aligned", IgvmFaultId.ParameterAreaTooLarge, () => Area(ulong.MaxValue & ~0xFFFUL)),
        new("area-largest-with-data", IgvmFaultId.DataPastEnd, () => Area(ulong.MaxValue & ~0xFFFUL, Page)),
        new("area-one-page-over", IgvmFaultId.ParameterAreaTooLarge, () => Area(((4UL << 20) + 1) << 12)),
        new("areas-of-16-gib-inserted", IgvmFaultId.TooManyPages, () => ManyAreas(64, 4UL << 30)),
        new("areas-of-most-pages-inserted", IgvmFaultId.TooManyPages, () => ManyAreas(4096, 16UL << 30)),
        new("insert-wraps-64-bits", IgvmFaultId.GpaOverflows, () => SampleIgvm.Start().ParameterArea(0, 1UL << 33).Insert(ulong.MaxValue - 0xFFF, Snp, 0).Data(Page).Build()),
        new("page-wraps-64-bits", IgvmFaultId.GpaOverflows, () => SampleIgvm.Start().Page(ulong.MaxValue - 0xFFF, Snp, default, 1).Data(Page).Build()),
        new("required-memory-wraps-64-bits", IgvmFaultId.GpaOverflows, () => Directive(IgvmHeaderType.RequiredMemory, new RequiredMemoryHeader(ulong.MaxValue - 0xFFF, Snp, 0xFFFF_F000, 0, 0).ToBytes())),
        new("error-range-wraps-64-bits", IgvmFaultId.GpaOverflows, () => Directive(IgvmHeaderType.ErrorRange, new ErrorRangeHeader(ulong.MaxValue - 0xFFF, Snp, uint.MaxValue).ToBytes())),

        // Numbers that end arithmetic.
        new("region-alignment-zero", IgvmFaultId.RelocationAlignmentZero, () => Init(Region(0, alignment: 0))),
        new("region-size-zero", IgvmFaultId.RelocationSizeZero, () => Init(Region(0, size: 0))),
        new("region-wraps-64-bits", IgvmFaultId.RelocationOverflows, () => Init(Region(ulong.MaxValue - 0xFFF, 0x2000))),
        new("region-16-eib", IgvmFaultId.RelocationOverflows, () => Init(Region(0x2000, ulong.MaxValue - 0xFFF))),
        new("region-refers-to-itself-only", IgvmFaultId.RelocationVpContextAbsent, () => Init(Region(0, 0x1000))),
        new("page-table-wraps-64-bits", IgvmFaultId.RelocationOverflows, () => PageTable(ulong.MaxValue - 0xFFF, 0x2000)),
        new("page-table-size-zero", IgvmFaultId.RelocationSizeZero, () => PageTable(0, 0)),
        new("page-table-twice", IgvmFaultId.PageTableTwice, () => PageTable(0, 0x1000, 2)),

        // Counts in data.
        new("vsm-registers-4-billion", IgvmFaultId.VsmRegisterCountTooLarge, () => Vsm(uint.MaxValue)),
        new("vsm-registers-times-32-wraps", IgvmFaultId.VsmRegisterCountTooLarge, () => Vsm(0x0800_0000)),
        new("vsm-registers-over-limit", IgvmFaultId.VsmRegisterCountTooLarge, () => Vsm(1025, 2000)),
        new("vsm-contexts-share-registers", IgvmFaultId.TooManyVpContexts, VsmShared),
        new("corim-4-gib", IgvmFaultId.DataPastEnd, () => Corim(uint.MaxValue, 4096)),
        new("corim-over-limit", IgvmFaultId.CorimTooLarge, () => Corim(2 << 20, 2 << 20)),

        // Overlaps, which are looked for last.
        new("overlaps-hundred-thousand", IgvmFaultId.PagesOverlap, () => Numbered(100_000, i => new PageDataHeader(0x1000, Snp, 0, 0, 0, 0).ToBytes(), IgvmHeaderType.PageData), IgvmStrictness.Strict),
        new("overlaps-in-descending-order", IgvmFaultId.PagesOverlap, () => Numbered(100_000, i => LargePage(100 - (i % 100)), IgvmHeaderType.PageData, 4000), IgvmStrictness.Strict),
        new("overlap-at-the-end", IgvmFaultId.PagesOverlap, () => Numbered(100_000, i => new PageDataHeader((i == 99_999 ? 0 : i) * 0x1000UL, Snp, 0, 0, 0, 0).ToBytes(), IgvmHeaderType.PageData), IgvmStrictness.Strict),
        new("areas-overlap", IgvmFaultId.ParameterAreaOverlaps, () => ManyAreas(2000, 0x2000), IgvmStrictness.Strict),
        new("warnings-hundred-thousand", IgvmFaultId.PlatformAbsent, () => Repeat(IgvmHeaderType.PageData, new PageDataHeader(1UL << 60, 0, 0, 0xFFFF_FFF8, 0, 0).ToBytes(), 100_000, platform: false)),
    ];

    private static byte[] Fixed(int at, uint value, int at2 = -1, uint value2 = 0, int size = 0)
    {
        byte[] file = SampleIgvm.Builder().Build();
        if (size > 0)
        {
            Array.Resize(ref file, size);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x10), (uint)size);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        if (at2 >= 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at2), value2);
        }

        return file;
    }

    private static byte[] Raw(uint type, uint length)
    {
        byte[] file = SampleIgvm.Start().Header(type, new byte[8]).Data(Page).Build();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan((int)(file.Length - Page.Length) - 12), length);
        SampleIgvm.Rechecksum(file);
        return file;
    }

    // Empty headers of 8 bytes each, the cheapest there are.
    private static byte[] Filled(uint type, int count, int tail = 0, uint last = 0)
    {
        byte[] front = SampleIgvm.Start().Data(Page).Build();
        int section = BitConverter.ToInt32(front, 0x0C);
        byte[] file = new byte[front.Length + (count * 8) + tail];
        front.AsSpan(0, 24 + section).CopyTo(file);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24 + section + (i * 8)), i == count - 1 && last != 0 ? last : type);
        }

        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x0C), section + (count * 8) + tail);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x10), file.Length);
        SampleIgvm.Rechecksum(file);
        return file;
    }

    private static byte[] Repeat(IgvmHeaderType type, byte[] body, int count, bool platform = true)
    {
        IgvmBuilder builder = platform ? new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Snp) : new IgvmBuilder();
        for (int i = 0; i < count; i++)
        {
            builder.Header(type, body);
        }

        return builder.Data(Page).Build();
    }

    private static byte[] Numbered(int count, Func<uint, byte[]> body, IgvmHeaderType type, int most = int.MaxValue)
    {
        IgvmBuilder builder = SampleIgvm.Start();
        for (uint i = 0; i < Math.Min(count, most); i++)
        {
            builder.Header(type, body(i));
        }

        return builder.Data(Page).Build();
    }

    private static byte[] WithVmsa(int count, bool distinct = true)
    {
        IgvmBuilder builder = SampleIgvm.Start();
        byte[] vmsa = SampleIgvm.Vmsa();
        for (int i = 0; i < count; i++)
        {
            builder.VpContext(SampleIgvm.VmsaGpa, Snp, vmsa, distinct ? (ushort)i : (ushort)0);
        }

        return builder.Build();
    }

    private static byte[] Region(ulong gpa, ulong size = 0x1000, ulong alignment = 0x1000) =>
        new RelocatableRegionHeader(Snp, 0, 0, 0, alignment, gpa, size, 0, TiB).ToBytes();

    private static byte[] Init(byte[] region) => SampleIgvm.Start().Header(IgvmHeaderType.RelocatableRegion, region).Page(0, Snp, Page).Build();

    private static byte[] PageTable(ulong gpa, ulong size, int count = 1)
    {
        IgvmBuilder builder = SampleIgvm.Start();
        for (int i = 0; i < count; i++)
        {
            builder.Header(IgvmHeaderType.PageTableRelocation, new PageTableRelocationHeader(Snp, 0, 0, 0, gpa + ((ulong)i * size), size, size).ToBytes());
        }

        return builder.Page(0, Snp, Page).Build();
    }

    private static byte[] LargePage(uint number) => new PageDataHeader(number * (2UL << 20), Snp, 0, 1, 0, 0).ToBytes();

    private static byte[] LargePagesOfOnePlace()
    {
        IgvmBuilder builder = SampleIgvm.Start();
        byte[] content = new byte[2 << 20];
        content[0] = 1;
        for (uint i = 0; i < 20_000; i++)
        {
            builder.Page(i * (2UL << 20), Snp, content, 1);
        }

        return builder.Build();
    }

    private static byte[] Area(ulong bytes, byte[]? content = null) =>
        SampleIgvm.Start().ParameterArea(0, bytes, content).Insert(0x10_0000, Snp, 0).Data(Page).Build();

    private static byte[] ManyAreas(uint count, ulong bytes)
    {
        IgvmBuilder builder = SampleIgvm.Start();
        for (uint i = 0; i < count; i++)
        {
            builder.ParameterArea(i, bytes).Insert(0x10_0000 + (i * 0x1000), Snp, i);
        }

        return builder.Data(Page).Build();
    }

    private static byte[] Directive(IgvmHeaderType type, byte[] body) => SampleIgvm.Start().Header(type, body).Data(Page).Build();

    private static byte[] Vsm(uint count, int present = 1)
    {
        byte[] data = new byte[4 + (present * 32)];
        BinaryPrimitives.WriteUInt32LittleEndian(data, count);
        return new IgvmBuilder().Platform(IgvmPlatformType.Vsm, Snp).VpContext(0, Snp, data).Build();
    }

    private static byte[] VsmShared()
    {
        byte[] data = new byte[4 + (1024 * 32)];
        BinaryPrimitives.WriteUInt32LittleEndian(data, 1024);
        IgvmBuilder builder = new IgvmBuilder().Platform(IgvmPlatformType.Vsm, Snp);
        for (int i = 0; i < 10_000; i++)
        {
            builder.VpContext(0, Snp, data);
        }

        return builder.Build();
    }

    private static byte[] Corim(uint size, int present) => SampleIgvm.Start()
        .Header((uint)IgvmHeaderType.CorimDocument, new CorimHeader(Snp, 0, size, 0).ToBytes(), new byte[present]).Build();
}
