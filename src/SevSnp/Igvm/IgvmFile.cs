using SevSnp.Igvm.Reading;

namespace SevSnp.Igvm;

/// <summary>A file that the reader did not refuse: its headers and data are where they say they are.</summary>
public sealed class IgvmFile
{
    private readonly FixedHeader _fixed;

    internal IgvmFile(ReadState state, Findings findings)
    {
        Bytes = state.Bytes;
        _fixed = state.Header;
        Platforms = state.Platforms;
        HeaderCount = state.HeaderCount;
        PageCount = state.PageCount;
        Warnings = findings.Warnings;
        WarningCounts = findings.Counts;
        Limits = state.Limits;
    }

    /// <summary>The whole file.</summary>
    public IgvmBytes Bytes { get; }

    /// <summary>Length in bytes.</summary>
    public long Length => Bytes.Length;

    /// <summary>1 or 2.</summary>
    public int FormatVersion => (int)_fixed.FormatVersion;

    /// <summary>The architecture; x86-64 in version 1.</summary>
    public IgvmArchitecture Architecture => (IgvmArchitecture)_fixed.Architecture;

    /// <summary>The platforms that the file is made for, in file order.</summary>
    public IReadOnlyList<PlatformHeader> Platforms { get; }

    /// <summary>Number of variable headers.</summary>
    public int HeaderCount { get; }

    /// <summary>Number of 4 KiB pages that the file puts into guests, all platforms together, without save areas.</summary>
    public long PageCount { get; }

    /// <summary>Offset of the variable header section in bytes.</summary>
    public long HeaderSectionOffset => _fixed.SectionOffset;

    /// <summary>Length of the variable header section in bytes.</summary>
    public int HeaderSectionSize => (int)_fixed.SectionSize;

    /// <summary>Where file data may begin: the end of the variable header section.</summary>
    public long DataStart => _fixed.DataStart;

    /// <summary>Faults for which the file was not refused; of each the first few.</summary>
    public IReadOnlyList<IgvmFault> Warnings { get; }

    /// <summary>How often each fault of <see cref="Warnings"/> occurs.</summary>
    public IReadOnlyDictionary<IgvmFaultId, int> WarningCounts { get; }

    /// <summary>The variable headers in file order.</summary>
    public IEnumerable<IgvmHeader> Headers
    {
        get
        {
            long at = HeaderSectionOffset;
            while (TryHeaderAt(at, out IgvmHeader header))
            {
                yield return header;
                at += header.Span;
            }
        }
    }

    internal IgvmLimits Limits { get; }

    internal int FixedHeaderSize => _fixed.Size;

    internal HeaderWalker Walk() => new(Bytes.Slice(HeaderSectionOffset, HeaderSectionSize), HeaderSectionOffset);

    /// <summary>The body of a header of this file, to be decoded by the type that belongs to <see cref="IgvmHeader.Type"/>.</summary>
    /// <param name="header">One of <see cref="Headers"/>.</param>
    /// <returns>The bytes behind type and length, without padding.</returns>
    public ReadOnlySpan<byte> Body(IgvmHeader header) => Bytes.Slice(header.BodyOffset, header.Length);

    /// <summary>The platform header of a type.</summary>
    /// <param name="type">A platform type.</param>
    /// <returns>The header, or null when the file is not made for that platform.</returns>
    public PlatformHeader? Platform(IgvmPlatformType type)
    {
        foreach (PlatformHeader platform in Platforms)
        {
            if (platform.Type == type)
            {
                return platform;
            }
        }

        return null;
    }

    private bool TryHeaderAt(long at, out IgvmHeader header)
    {
        HeaderWalker walker = new(Bytes.Slice(at, (int)(DataStart - at)), at);
        bool found = walker.MoveNext();
        header = walker.Current;
        return found;
    }
}
