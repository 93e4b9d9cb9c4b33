namespace SevSnp.Igvm.Reading;

/// <summary>What occupies a run of guest memory.</summary>
internal enum ExtentKind
{
    Page,
    ParameterArea,
    Vmsa,
}

/// <summary>A run of guest memory that a header fills.</summary>
/// <param name="Gpa">Where it begins, a multiple of 4096.</param>
/// <param name="Bytes">Its length; the end does not overflow 64 bits.</param>
/// <param name="Mask">The platforms.</param>
/// <param name="Kind">What fills it.</param>
/// <param name="At">Offset of the body of the header.</param>
internal readonly record struct Extent(ulong Gpa, ulong Bytes, uint Mask, ExtentKind Kind, long At)
{
    public ulong Last => Gpa + (Bytes - 1);
}

/// <summary>All runs of guest memory that a file fills, to find those that overlap.</summary>
internal sealed class Extents
{
    private readonly List<Extent> _extents = [];
    private bool _sorted = true;

    public void Add(Extent extent)
    {
        if (extent.Bytes == 0)
        {
            return;
        }

        _sorted &= _extents.Count == 0 || _extents[^1].Gpa <= extent.Gpa;
        _extents.Add(extent);
    }

    /// <summary>One sweep in the order of addresses, with the run that reaches farthest for each platform.</summary>
    public bool CheckOverlaps(ReadState state)
    {
        if (!_sorted)
        {
            _extents.Sort(static (a, b) => a.Gpa != b.Gpa ? a.Gpa.CompareTo(b.Gpa) : a.At.CompareTo(b.At));
        }

        uint[] masks = [.. state.Platforms.Select(p => p.CompatibilityMask).Distinct()];
        Extent?[] farthest = new Extent?[masks.Length];
        foreach (Extent extent in _extents)
        {
            bool reported = false;
            for (int i = 0; i < masks.Length; i++)
            {
                if ((extent.Mask & masks[i]) == 0)
                {
                    continue;
                }

                if (farthest[i] is { } other && extent.Gpa <= other.Last && !reported && Fault(extent.Kind, other.Kind) is { } id)
                {
                    reported = true;
                    if (!state.Holds(false, id, Math.Max(extent.At, other.At), Field(extent, other), extent.Gpa))
                    {
                        return false;
                    }
                }

                farthest[i] = farthest[i] is { } far && far.Last >= extent.Last ? far : extent;
            }
        }

        return true;
    }

    // Several save areas at one address are what KVM itself does.
    private static IgvmFaultId? Fault(ExtentKind one, ExtentKind other) => (one, other) switch
    {
        (ExtentKind.Vmsa, ExtentKind.Vmsa) => null,
        (ExtentKind.Vmsa, _) or (_, ExtentKind.Vmsa) => IgvmFaultId.VmsaOverlaps,
        (ExtentKind.ParameterArea, _) or (_, ExtentKind.ParameterArea) => IgvmFaultId.ParameterAreaOverlaps,
        _ => IgvmFaultId.PagesOverlap,
    };

    private static string Field(Extent one, Extent other) => (one.At > other.At ? one : other).Kind switch
    {
        ExtentKind.Page => "PAGE_DATA.gpa",
        ExtentKind.ParameterArea => "PARAMETER_INSERT.gpa",
        _ => "VP_CONTEXT.gpa",
    };
}
