namespace SevSnp.Igvm.Reading;

/// <summary>The relocatable and page table regions seen so far.</summary>
internal sealed class Relocations
{
    private readonly List<Region> _regions = [];
    private uint _pageTableMasks;

    public bool CheckRegion(in RelocatableRegionHeader region, long at, ReadState state) =>
        Common(new Region(region.CompatibilityMask, region.VpIndex, region.Vtl, region.Gpa, region.SizeBytes, false, at), state, 6, 16, 24)
        && state.Holds((region.Flags & ~RelocatableRegionHeader.KnownFlags) == 0, IgvmFaultId.RelocationFlagsReserved, at + 7, "RELOCATABLE_REGION.flags", region.Flags)
        && state.Holds(region.Alignment != 0, IgvmFaultId.RelocationAlignmentZero, at + 8, "RELOCATABLE_REGION.relocation_alignment")
        && state.Holds(region.Alignment % ReadState.PageSize == 0, IgvmFaultId.RelocationAlignmentUnaligned, at + 8, "RELOCATABLE_REGION.relocation_alignment", region.Alignment)
        && state.Holds(region.Gpa % region.Alignment == 0, IgvmFaultId.RelocationAddressUnaligned, at + 16, "RELOCATABLE_REGION.relocation_region_gpa", region.Gpa)
        && state.Holds(region.MinimumGpa % region.Alignment == 0, IgvmFaultId.RelocationAddressUnaligned, at + 32, "RELOCATABLE_REGION.minimum_relocation_gpa", region.MinimumGpa)
        && state.Holds(region.MaximumGpa % region.Alignment == 0, IgvmFaultId.RelocationAddressUnaligned, at + 40, "RELOCATABLE_REGION.maximum_relocation_gpa", region.MaximumGpa)
        && Add(new Region(region.CompatibilityMask, region.VpIndex, region.Vtl, region.Gpa, region.SizeBytes, false, at), state);

    public bool CheckPageTable(in PageTableRelocationHeader table, long at, ReadState state)
    {
        Region region = new(table.CompatibilityMask, table.VpIndex, table.Vtl, table.Gpa, table.SizeBytes, true, at);
        if (!state.Holds(table.Reserved == 0, IgvmFaultId.ReservedNotZero, at + 7, "PAGE_TABLE_RELOCATION.reserved", table.Reserved)
            || !Common(region, state, 6, 8, 16)
            || !state.Holds(table.Gpa % ReadState.PageSize == 0, IgvmFaultId.GpaUnaligned, at + 8, "PAGE_TABLE_RELOCATION.gpa", table.Gpa)
            || !state.Holds(table.UsedBytes % ReadState.PageSize == 0, IgvmFaultId.SizeUnaligned, at + 24, "PAGE_TABLE_RELOCATION.used_size", table.UsedBytes)
            || !state.Holds(table.UsedBytes <= table.SizeBytes, IgvmFaultId.PageTableUsedSizeTooLarge, at + 24, "PAGE_TABLE_RELOCATION.used_size", table.UsedBytes)
            || !state.Holds((_pageTableMasks & table.CompatibilityMask) == 0, IgvmFaultId.PageTableTwice, at, "PAGE_TABLE_RELOCATION.compatibility_mask", table.CompatibilityMask))
        {
            return false;
        }

        _pageTableMasks |= table.CompatibilityMask;
        return Add(region, state);
    }

    public bool IsInPageTable(ParameterInsertHeader insert) => _regions.Exists(r =>
        r.IsPageTable && (r.Mask & insert.CompatibilityMask) != 0 && insert.Gpa >= r.Gpa && insert.Gpa - r.Gpa < r.Bytes);

    /// <summary>A VP context was seen: regions that name it have what they need.</summary>
    public void Satisfy(uint mask, ushort vpIndex, byte vtl)
    {
        for (int i = 0; i < _regions.Count; i++)
        {
            Region region = _regions[i];
            if ((region.Mask & mask) != 0 && region.VpIndex == vpIndex && region.Vtl == vtl)
            {
                _regions[i] = region with { HasContext = true };
            }
        }
    }

    public bool CheckContexts(ReadState state)
    {
        foreach (Region region in _regions)
        {
            if (!state.Holds(region.HasContext, IgvmFaultId.RelocationVpContextAbsent, region.At + 4, "vp_index and vtl of the region", region.VpIndex))
            {
                return false;
            }
        }

        return true;
    }

    private bool Common(in Region region, ReadState state, int vtlOffset, int gpaOffset, int sizeOffset) =>
        state.Holds(state.Architecture == IgvmArchitecture.X64, IgvmFaultId.InitializationNotOnArchitecture, region.At, "relocation header")
        && state.Holds(_regions.Count < state.Limits.MaxRelocations, IgvmFaultId.TooManyRelocations, region.At, "relocation header", (ulong)_regions.Count + 1)
        && state.MaskHolds(region.Mask, region.At, "compatibility_mask of the region")
        && state.Holds(region.Vtl <= 2, IgvmFaultId.VtlInvalid, region.At + vtlOffset, "vtl of the region", region.Vtl)
        && state.Holds(region.Bytes != 0, IgvmFaultId.RelocationSizeZero, region.At + sizeOffset, "size of the region")
        && state.Holds(region.Bytes % ReadState.PageSize == 0, IgvmFaultId.RelocationSizeUnaligned, region.At + sizeOffset, "size of the region", region.Bytes)
        && state.Holds(region.Gpa <= ulong.MaxValue - (region.Bytes - 1), IgvmFaultId.RelocationOverflows, region.At + gpaOffset, "gpa of the region", region.Gpa);

    private bool Add(Region region, ReadState state)
    {
        bool overlaps = _regions.Exists(r => (r.Mask & region.Mask) != 0 && r.Gpa <= region.Last && region.Gpa <= r.Last);
        if (!state.Holds(!overlaps, IgvmFaultId.RelocationsOverlap, region.At, "relocation header", region.Gpa))
        {
            return false;
        }

        _regions.Add(region);
        return true;
    }

    private readonly record struct Region(uint Mask, ushort VpIndex, byte Vtl, ulong Gpa, ulong Bytes, bool IsPageTable, long At, bool HasContext = false)
    {
        public ulong Last => Gpa + (Bytes - 1);
    }
}
