namespace SevSnp.Igvm.Reading;

/// <summary>The parameter areas declared so far.</summary>
internal sealed class ParameterAreas
{
    private readonly Dictionary<uint, (ulong Bytes, bool Inserted)> _areas = [];

    public bool CheckArea(in ParameterAreaHeader area, long at, ReadState state)
    {
        ulong pages = area.NumberOfBytes / ReadState.PageSize;
        return state.Holds(area.NumberOfBytes % ReadState.PageSize == 0, IgvmFaultId.SizeUnaligned, at, "PARAMETER_AREA.number_of_bytes", area.NumberOfBytes)
            && (area.FileOffset == 0 || state.DataHolds(area.FileOffset, area.NumberOfBytes, at + 12, "PARAMETER_AREA.file_offset"))
            && state.Holds(pages <= (ulong)Math.Max(0, state.Limits.MaxPages), IgvmFaultId.ParameterAreaTooLarge, at, "PARAMETER_AREA.number_of_bytes", area.NumberOfBytes)
            && state.Holds(_areas.Count < state.Limits.MaxParameterAreas, IgvmFaultId.TooManyParameterAreas, at + 8, "PARAMETER_AREA.parameter_area_index", (ulong)_areas.Count + 1)
            && state.Holds(_areas.TryAdd(area.AreaIndex, (area.NumberOfBytes, false)), IgvmFaultId.ParameterAreaTwice, at + 8, "PARAMETER_AREA.parameter_area_index", area.AreaIndex);
    }

    public bool CheckParameter(IgvmHeaderType type, in ParameterHeader parameter, long at, ReadState state) =>
        Usable(parameter.AreaIndex, at, "PARAMETER.parameter_area_index", state, out ulong bytes)
        && state.Holds(parameter.ByteOffset + SmallestSize(type) <= bytes, IgvmFaultId.ParameterOutsideArea, at + 4, "PARAMETER.byte_offset", parameter.ByteOffset);

    public bool CheckInsert(in ParameterInsertHeader insert, long at, ReadState state)
    {
        if (!Usable(insert.AreaIndex, at + 12, "PARAMETER_INSERT.parameter_area_index", state, out ulong bytes)
            || !state.RangeHolds(insert.Gpa, bytes, at, "PARAMETER_INSERT.gpa")
            || !state.MaskHolds(insert.CompatibilityMask, at + 8, "PARAMETER_INSERT.compatibility_mask")
            || !state.Holds(!state.Relocations.IsInPageTable(insert), IgvmFaultId.InsertInPageTable, at, "PARAMETER_INSERT.gpa", insert.Gpa)
            || !state.CountPages((long)(bytes / ReadState.PageSize), at, "PARAMETER_INSERT"))
        {
            return false;
        }

        _areas[insert.AreaIndex] = (bytes, true);
        state.Extents.Add(new Extent(insert.Gpa, bytes, insert.CompatibilityMask, ExtentKind.ParameterArea, at));
        return true;
    }

    // Tables and lists have the size that the host gives them; the two numbers have 32 bits.
    private static ulong SmallestSize(IgvmHeaderType type) => type is IgvmHeaderType.VpCount or IgvmHeaderType.EnvironmentInfo ? 4UL : 1UL;

    private bool Usable(uint index, long offset, string field, ReadState state, out ulong bytes)
    {
        bool declared = _areas.TryGetValue(index, out (ulong Bytes, bool Inserted) area);
        bytes = area.Bytes;
        return state.Holds(declared, IgvmFaultId.ParameterAreaUndeclared, offset, field, index)
            && state.Holds(!area.Inserted, IgvmFaultId.ParameterAreaInserted, offset, field, index);
    }
}
