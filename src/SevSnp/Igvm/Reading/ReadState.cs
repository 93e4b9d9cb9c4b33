using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>What the rules remember from header to header. Everything in it is bounded by <see cref="IgvmLimits"/>.</summary>
internal sealed class ReadState(IgvmBytes bytes, FixedHeader header, IgvmLimits limits, Findings findings)
{
    public const ulong PageSize = 4096;
    private const ulong PhysicalEnd = 1UL << 52;

    public IgvmBytes Bytes => bytes;

    public FixedHeader Header => header;

    public IgvmLimits Limits => limits;

    public IgvmArchitecture Architecture => (IgvmArchitecture)header.Architecture;

    public List<PlatformHeader> Platforms { get; } = [];

    public ParameterAreas Areas { get; } = new();

    public Relocations Relocations { get; } = new();

    public Extents Extents { get; } = new();

    public HashSet<(uint Mask, ushort VpIndex, byte Vtl)> VpContexts { get; } = [];

    /// <summary>Platforms, by mask bit, that have a guest policy already; and so on.</summary>
    public uint PolicyMasks { get; set; }

    public uint IdBlockMasks { get; set; }

    public uint CorimDocumentMasks { get; set; }

    public uint CorimSignatureMasks { get; set; }

    public int HeaderCount { get; set; }

    public int VpContextCount { get; set; }

    public long PageCount { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(bool condition, IgvmFaultId id, long offset, string field, ulong? found = null) =>
        findings.Holds(condition, id, offset, field, found);

    /// <summary>The platform whose whole mask this is, or null.</summary>
    public PlatformHeader? PlatformOf(uint mask)
    {
        foreach (PlatformHeader platform in Platforms)
        {
            if (platform.CompatibilityMask == mask)
            {
                return platform;
            }
        }

        return null;
    }

    /// <summary>The bit of a platform type; 0 when the file is not made for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint MaskOf(IgvmPlatformType type)
    {
        foreach (PlatformHeader platform in Platforms)
        {
            if (platform.Type == type)
            {
                return platform.CompatibilityMask;
            }
        }

        return 0;
    }

    public bool MaskHolds(uint mask, long offset, string field) => Holds(mask != 0, IgvmFaultId.MaskZero, offset, field);

    /// <summary>A run of guest memory: aligned, and within the address space.</summary>
    public bool RangeHolds(ulong gpa, ulong length, long offset, string field) =>
        Holds(gpa % PageSize == 0, IgvmFaultId.GpaUnaligned, offset, field, gpa)
        && Holds(length == 0 || gpa <= ulong.MaxValue - (length - 1), IgvmFaultId.GpaOverflows, offset, field, gpa)
        && Holds(length <= PhysicalEnd && gpa <= PhysicalEnd - length, IgvmFaultId.GpaBeyondPhysical, offset, field, gpa);

    /// <summary>A run of file data.</summary>
    public bool DataHolds(uint fileOffset, ulong length, long offset, string field) =>
        Holds(fileOffset >= header.DataStart, IgvmFaultId.DataOffsetInHeaders, offset, field, fileOffset)
        && Holds(fileOffset <= (ulong)bytes.Length && length <= (ulong)bytes.Length - fileOffset, IgvmFaultId.DataPastEnd, offset, field, fileOffset);

    /// <summary>Counts pages before anything is done for them.</summary>
    public bool CountPages(long pages, long offset, string field)
    {
        long before = PageCount;
        long left = limits.MaxPages - before;
        PageCount += Math.Min(pages, left);
        return Holds(pages <= left, IgvmFaultId.TooManyPages, offset, field, (ulong)before + (ulong)pages);
    }
}
