using SevSnp.Igvm.Reading;

namespace SevSnp.Igvm;

/// <summary>What a file holds for one platform: counts of 4 KiB pages, policies, and where its other headers are.</summary>
public sealed class IgvmSummary
{
    /// <summary>The platform.</summary>
    public required PlatformHeader Platform { get; init; }

    /// <summary>Guest policies, in file order; more than one is a fault.</summary>
    public required IReadOnlyList<ulong> Policies { get; init; }

    /// <summary>Normal pages with content in the file.</summary>
    public long ContentPages { get; private set; }

    /// <summary>Normal pages without content.</summary>
    public long ZeroPages { get; private set; }

    /// <summary>Pages whose content is not measured.</summary>
    public long UnmeasuredPages { get; private set; }

    /// <summary>Pages that the host may see.</summary>
    public long SharedPages { get; private set; }

    /// <summary>Secrets pages.</summary>
    public long SecretsPages { get; private set; }

    /// <summary>CPUID pages.</summary>
    public long CpuidPages { get; private set; }

    /// <summary>Pages of inserted parameter areas.</summary>
    public long ParameterPages { get; private set; }

    /// <summary>Bytes of memory that the guest must have beyond the pages of the file.</summary>
    public long RequiredMemoryBytes { get; private set; }

    /// <summary>VP contexts.</summary>
    public required IReadOnlyList<VpContextHeader> VpContexts { get; init; }

    /// <summary>ID blocks; more than one is a fault.</summary>
    public required IReadOnlyList<IgvmHeader> IdBlocks { get; init; }

    /// <summary>CoRIM documents and signatures.</summary>
    public required IReadOnlyList<CorimHeader> Corims { get; init; }

    /// <summary>Sums up one platform of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="platform">One of its platforms.</param>
    /// <returns>The summary.</returns>
    public static IgvmSummary Of(IgvmFile file, PlatformHeader platform)
    {
        ArgumentNullException.ThrowIfNull(file);
        uint mask = platform.CompatibilityMask;
        List<ulong> policies = [];
        List<VpContextHeader> contexts = [];
        List<IgvmHeader> blocks = [];
        List<CorimHeader> corims = [];
        Dictionary<uint, ulong> areas = [];
        IgvmSummary summary = new() { Platform = platform, Policies = policies, VpContexts = contexts, IdBlocks = blocks, Corims = corims };
        HeaderWalker walker = file.Walk();
        while (walker.MoveNext())
        {
            ReadOnlySpan<byte> body = walker.Body;
            switch (walker.Current.IsOptional ? IgvmHeaderType.None : walker.Current.Type)
            {
                case IgvmHeaderType.GuestPolicy when (GuestPolicyHeader.Read(body) is var policy) && (policy.CompatibilityMask & mask) != 0:
                    policies.Add(policy.Policy);
                    break;
                case IgvmHeaderType.PageData when (PageDataHeader.Read(body) is var page) && (page.CompatibilityMask & mask) != 0:
                    summary.Count(page);
                    break;
                case IgvmHeaderType.ParameterArea when ParameterAreaHeader.Read(body) is var area:
                    areas[area.AreaIndex] = area.NumberOfBytes;
                    break;
                case IgvmHeaderType.ParameterInsert when (ParameterInsertHeader.Read(body) is var insert) && (insert.CompatibilityMask & mask) != 0:
                    summary.ParameterPages += (long)(areas.GetValueOrDefault(insert.AreaIndex) / ReadState.PageSize);
                    break;
                case IgvmHeaderType.RequiredMemory when (RequiredMemoryHeader.Read(body) is var memory) && (memory.CompatibilityMask & mask) != 0:
                    summary.RequiredMemoryBytes += memory.NumberOfBytes;
                    break;
                case IgvmHeaderType.VpContext when (VpContextHeader.Read(body) is var context) && (context.CompatibilityMask & mask) != 0:
                    contexts.Add(context);
                    break;
                case IgvmHeaderType.SnpIdBlock when (SnpIdBlockHeader.CompatibilityMask(body) & mask) != 0:
                    blocks.Add(walker.Current);
                    break;
                case IgvmHeaderType.CorimDocument or IgvmHeaderType.CorimSignature when (CorimHeader.Read(body) is var corim) && (corim.CompatibilityMask & mask) != 0:
                    corims.Add(corim);
                    break;
            }
        }

        return summary;
    }

    private void Count(in PageDataHeader page)
    {
        int pages = page.PageCount;
        if (page.IsShared)
        {
            SharedPages += pages;
        }
        else if (page.DataType == IgvmPageDataType.Secrets)
        {
            SecretsPages += pages;
        }
        else if (page.DataType != IgvmPageDataType.Normal)
        {
            CpuidPages += pages;
        }
        else if (page.IsUnmeasured)
        {
            UnmeasuredPages += pages;
        }
        else if (page.FileOffset == 0)
        {
            ZeroPages += pages;
        }
        else
        {
            ContentPages += pages;
        }
    }
}
