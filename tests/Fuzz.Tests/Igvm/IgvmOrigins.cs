using SevSnp.Igvm;
using SevSnp.Tests.Igvm;

namespace Verifier.Fuzz.Tests.Igvm;

/// <summary>Where mutation begins: small files of our own that use every kind of header, and the bombs that are small.</summary>
internal static class IgvmOrigins
{
    private const int SmallBomb = 64 << 10;
    private const uint Snp = SampleIgvm.Snp;
    private const uint Tdx = SampleIgvm.Tdx;
    private const uint Vsm = 8;

    /// <summary>Files that a reader accepts.</summary>
    public static IReadOnlyList<byte[]> Good { get; } =
        [SampleIgvm.Builder(1).Build(), SampleIgvm.Builder(2).Build(), Everything(1), Everything(2), Everything(1, optional: false), Arm()];

    /// <summary>Files that a reader refuses, but only just.</summary>
    public static IReadOnlyList<byte[]> Bad { get; } =
    [
        .. Bombs.All.Where(b => IsQuick(b.Name)).Select(b => b.Make()).Where(b => b.Length <= SmallBomb),
    ];

    // The names of bombs that are cheap to make.
    private static bool IsQuick(string name) => !name.Contains("million", StringComparison.Ordinal)
        && !name.Contains("thousand", StringComparison.Ordinal) && !name.Contains("pages-", StringComparison.Ordinal)
        && name is not ("headers-too-many" or "section-beyond-limit" or "vp-contexts-for-one-vp" or "overlaps-in-descending-order" or "overlap-at-the-end");

    private static byte[] Everything(int version, bool optional = true)
    {
        byte[] registers = new byte[4 + (2 * 32)];
        registers[0] = 2;
        IgvmBuilder builder = new IgvmBuilder(version)
            .Platform(IgvmPlatformType.SevSnp, Snp, 1UL << 46, 2)
            .Platform(IgvmPlatformType.Tdx, Tdx)
            .Platform(IgvmPlatformType.Vsm, Vsm)
            .Platform(IgvmPlatformType.SevEs, 16)
            .Platform(IgvmPlatformType.Native, 32)
            .Policy(SampleIgvm.Policy, Snp)
            .Header(IgvmHeaderType.RelocatableRegion, new RelocatableRegionHeader(Vsm, 0, 0, 2, 0x1000, 0x200000, 0x10000, 0x100000, 0x40000000).ToBytes())
            .Header(IgvmHeaderType.PageTableRelocation, new PageTableRelocationHeader(Vsm, 0, 0, 0, 0x300000, 0x4000, 0x3000).ToBytes())
            .Header((uint)IgvmHeaderType.CorimDocument, new CorimHeader(Snp, 0, 40, 0).ToBytes(), new byte[40])
            .Header((uint)IgvmHeaderType.CorimSignature, new CorimHeader(Snp, 0, 30, 0).ToBytes(), new byte[30])
            .ParameterArea(0, 0x2000)
            .ParameterArea(7, 0x1000, SampleIgvm.PageOf(3));
        foreach (IgvmHeaderType parameter in (IgvmHeaderType[])[IgvmHeaderType.VpCount, IgvmHeaderType.Srat, IgvmHeaderType.MemoryMap, IgvmHeaderType.EnvironmentInfo])
        {
            builder.Header(parameter, new ParameterHeader(0, 64).ToBytes());
        }

        byte[] shared = SampleIgvm.PageOf(1);
        builder
            .Insert(0x40000, Snp, 0)
            .Insert(0x42000, Snp | Tdx, 7)
            .Page(0x10000, Snp | Tdx | Vsm, shared)
            .Page(0x11000, Snp, shared, 2)
            .Page(0x12000, Snp, SampleIgvm.PageOf(2), 4)
            .Page(0x13000, Snp, default, 0, IgvmPageDataType.Secrets)
            .Page(0x14000, Snp, default, 0, IgvmPageDataType.CpuidData)
            .Page(0x400000, Snp, default, 1)
            .VpContext(SampleIgvm.VmsaGpa, Snp, SampleIgvm.Vmsa())
            .VpContext(0x50000, 16, SampleIgvm.Vmsa(1))
            .VpContext(0, Vsm, registers)
            .VpContext(0, 32, SampleIgvm.PageOf(0))
            .Header(IgvmHeaderType.RequiredMemory, new RequiredMemoryHeader(0x100000, Snp, 0x8000, 1, 0).ToBytes())
            .Header(IgvmHeaderType.ErrorRange, new ErrorRangeHeader(0x15000, Snp, 0x1000).ToBytes())
            .Header(IgvmHeaderType.VbsMeasurement, new byte[0x360]);
        return optional
            ? builder.Header(IgvmHeaderType.SnpIdBlock, SampleIgvm.IdBlock(Snp, 1)).Header(0x8000_03F0, new byte[12]).Build()
            : builder.Build();
    }

    private static byte[] Arm() => new IgvmBuilder(2, IgvmArchitecture.AArch64)
        .Platform(IgvmPlatformType.Cca, 1)
        .Header(IgvmHeaderType.CcaPolicy, [1, .. new byte[31]])
        .Page(0x1000, 1, SampleIgvm.PageOf(1))
        .Build();
}
