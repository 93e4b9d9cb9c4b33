using SevSnp.Igvm;
using SevSnp.Igvm.Reading;
using SevSnp.Launch;

namespace SevSnp.Measurement;

/// <summary>Some pages in a row that enter the digest in the same way.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Gpa">Address of the first.</param>
/// <param name="Count">How many.</param>
/// <param name="Stride">Distance of their addresses in bytes: a page, or 0 for copies in one place.</param>
/// <param name="FileOffset">Where the content begins; 0 for none.</param>
internal readonly record struct PlannedPages(PageType Type, ulong Gpa, int Count, uint Stride, uint FileOffset);

/// <summary>What a launch measures, in order: one walk over the headers under the rules of a profile.</summary>
internal sealed class IgvmLaunchPlan
{
    private readonly IgvmLaunchRules _rules;
    private readonly uint _mask;
    private readonly uint _sevEsMask;
    private readonly List<PlannedPages> _pages = [];
    private readonly List<int> _vmsas = [];
    private readonly Dictionary<uint, ulong> _areas = [];

    private IgvmLaunchPlan(IgvmLaunchRules rules, uint mask, uint sevEsMask) => (_rules, _mask, _sevEsMask) = (rules, mask, sevEsMask);

    public IReadOnlyList<PlannedPages> Pages => _pages;

    /// <summary>The save areas of the file, before copies are made.</summary>
    public IReadOnlyList<PlannedPages> FileVmsas { get; private set; } = [];

    public bool HasLargePages { get; private set; }

    public static IgvmLaunchPlan? Make(IgvmFile file, IgvmLaunch launch, out IgvmMeasureFault fault)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;
        IgvmMeasureFaultId id = mask == 0 ? IgvmMeasureFaultId.PlatformAbsent : IgvmMeasureFaultId.None;
        IgvmLaunchPlan? plan = null;
        if (id == IgvmMeasureFaultId.None && IgvmLaunchRules.Of(launch) is { } rules)
        {
            plan = new(rules, mask, file.Platform(IgvmPlatformType.SevEs)?.CompatibilityMask ?? 0);
            id = plan.Walk(file);
            id = id == IgvmMeasureFaultId.None ? plan.Arrange(launch.Vmsas) : id;
        }
        else if (id == IgvmMeasureFaultId.None)
        {
            id = IgvmMeasureFaultId.ProfileUnspecified;
        }

        fault = id == IgvmMeasureFaultId.None ? default : new IgvmMeasureFault(id, launch.Name, Detail(id));
        return id == IgvmMeasureFaultId.None ? plan : null;
    }

    private static string Detail(IgvmMeasureFaultId id) => id switch
    {
        IgvmMeasureFaultId.PlatformAbsent => "the file is not made for SEV-SNP",
        IgvmMeasureFaultId.PagesAbsent => "the file has no page for SEV-SNP",
        IgvmMeasureFaultId.VmsaCountOutOfRange => $"the number of VMSAs must be 1 to {IgvmLaunch.MaxVmsas}",
        IgvmMeasureFaultId.VmsaAbsent => "the file has no VMSA for SEV-SNP",
        IgvmMeasureFaultId.VmsaCountAmbiguous => "the file has several VMSAs, but fewer than are asked for, and which one to repeat is not known",
        IgvmMeasureFaultId.LargePageWithoutDigest => "igvmmeasure ends without a digest at a 2 MiB page with content",
        _ => "no launch profile is stated",
    };

    private IgvmMeasureFaultId Walk(IgvmFile file)
    {
        HeaderWalker walker = file.Walk();
        while (walker.MoveNext())
        {
            switch (walker.Current.RawType)
            {
                case (uint)IgvmHeaderType.PageData when !AddPage(PageDataHeader.Read(walker.Body)):
                    return IgvmMeasureFaultId.LargePageWithoutDigest;
                case (uint)IgvmHeaderType.ParameterArea:
                    ParameterAreaHeader area = ParameterAreaHeader.Read(walker.Body);
                    _areas[area.AreaIndex] = area.NumberOfBytes;
                    break;
                case (uint)IgvmHeaderType.ParameterInsert:
                    AddArea(ParameterInsertHeader.Read(walker.Body));
                    break;
                case (uint)IgvmHeaderType.VpContext:
                    AddVmsa(VpContextHeader.Read(walker.Body));
                    break;
            }
        }

        return IgvmMeasureFaultId.None;
    }

    private bool AddPage(in PageDataHeader page)
    {
        if ((page.CompatibilityMask & _mask) == 0 || (page.IsShared && !_rules.MeasuresShared))
        {
            return true;
        }

        bool hasContent = page.FileOffset != 0 && page.DataType == IgvmPageDataType.Normal && !page.IsUnmeasured;
        if (_rules.LikeIgvmmeasure && page.IsLarge && page.FileOffset != 0)
        {
            return false;
        }

        HasLargePages |= page.IsLarge;
        _pages.Add(new PlannedPages(TypeOf(page), page.Gpa, page.PageCount, LaunchDigest.PageSize, hasContent ? page.FileOffset : 0));
        return true;
    }

    // What a page is for weighs more than its flags.
    private PageType TypeOf(in PageDataHeader page) => page.DataType switch
    {
        IgvmPageDataType.Secrets => PageType.Secrets,
        IgvmPageDataType.CpuidData or IgvmPageDataType.CpuidXf => PageType.Cpuid,
        _ when page.IsUnmeasured => PageType.Unmeasured,
        _ when page.FileOffset == 0 && _rules.ZeroPages == ZeroPages.Native => PageType.Zero,
        _ => PageType.Normal,
    };

    private void AddArea(in ParameterInsertHeader insert)
    {
        int count = (int)(_areas[insert.AreaIndex] / LaunchDigest.PageSize);
        count = _rules.LikeIgvmmeasure ? 1 : count;
        if ((insert.CompatibilityMask & _mask) != 0 && count > 0)
        {
            _pages.Add(new PlannedPages(PageType.Unmeasured, insert.Gpa, count, LaunchDigest.PageSize, 0));
        }
    }

    private void AddVmsa(in VpContextHeader context)
    {
        if (context.CompatibilityMask == _mask || (_rules.LikeIgvmmeasure && _sevEsMask != 0 && context.CompatibilityMask == _sevEsMask))
        {
            _vmsas.Add(_pages.Count);
            _pages.Add(new PlannedPages(PageType.Vmsa, context.Gpa, 1, 0, context.FileOffset));
        }
    }

    /// <summary>Brings the save areas to the asked number, and to the place where the profile measures them.</summary>
    private IgvmMeasureFaultId Arrange(int? count)
    {
        FileVmsas = [.. _vmsas.Select(i => _pages[i])];
        if (_pages.Count == 0)
        {
            return IgvmMeasureFaultId.PagesAbsent;
        }

        if (count is { } asked)
        {
            if (asked is < 1 or > IgvmLaunch.MaxVmsas)
            {
                return IgvmMeasureFaultId.VmsaCountOutOfRange;
            }

            if (_vmsas.Count == 0)
            {
                return IgvmMeasureFaultId.VmsaAbsent;
            }

            if (asked > _vmsas.Count && _vmsas.Count > 1)
            {
                return IgvmMeasureFaultId.VmsaCountAmbiguous;
            }

            _pages[_vmsas[0]] = _pages[_vmsas[0]] with { Count = asked > _vmsas.Count ? asked : 1 };
            foreach (int surplus in _vmsas.Skip(asked))
            {
                _pages[surplus] = _pages[surplus] with { Count = 0 };
            }
        }

        if (_rules.VmsasLast)
        {
            PlannedPages[] vmsas = [.. _pages.Where(p => p.Type == PageType.Vmsa)];
            _pages.RemoveAll(p => p.Type == PageType.Vmsa);
            _pages.AddRange(vmsas);
        }

        return IgvmMeasureFaultId.None;
    }
}
