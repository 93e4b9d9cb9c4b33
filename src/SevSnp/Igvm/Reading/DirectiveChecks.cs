namespace SevSnp.Igvm.Reading;

/// <summary>Rules of directives that stand for themselves.</summary>
internal static class DirectiveChecks
{
    private const ulong LargePage = 2 << 20;

    public static bool CheckPage(in PageDataHeader page, long at, ReadState state)
    {
        ulong bytes = (ulong)page.PageCount * ReadState.PageSize;
        bool holds = state.RangeHolds(page.Gpa, bytes, at, "PAGE_DATA.gpa")
            && state.Holds(!page.IsLarge || page.Gpa % LargePage == 0, IgvmFaultId.LargePageUnaligned, at, "PAGE_DATA.gpa", page.Gpa)
            && state.MaskHolds(page.CompatibilityMask, at + 8, "PAGE_DATA.compatibility_mask")
            && (page.FileOffset == 0 || state.DataHolds(page.FileOffset, bytes, at + 12, "PAGE_DATA.file_offset"))
            && state.Holds((page.Flags & ~PageDataHeader.KnownFlags) == 0, IgvmFaultId.PageFlagsReserved, at + 16, "PAGE_DATA.flags", page.Flags)
            && state.Holds(page.RawDataType <= (int)IgvmPageDataType.CpuidXf, IgvmFaultId.PageDataTypeUnknown, at + 20, "PAGE_DATA.data_type", page.RawDataType)
            && state.Holds(page.Reserved == 0, IgvmFaultId.ReservedNotZero, at + 22, "PAGE_DATA.reserved", page.Reserved)
            && state.CountPages(page.PageCount, at, "PAGE_DATA");
        if (holds)
        {
            state.Extents.Add(new Extent(page.Gpa, bytes, page.CompatibilityMask, ExtentKind.Page, at));
        }

        return holds;
    }

    public static bool CheckRequiredMemory(in RequiredMemoryHeader memory, long at, ReadState state) =>
        state.Holds(memory.Reserved == 0, IgvmFaultId.ReservedNotZero, at + 20, "REQUIRED_MEMORY.reserved", memory.Reserved)
        && state.RangeHolds(memory.Gpa, memory.NumberOfBytes, at, "REQUIRED_MEMORY.gpa")
        && state.Holds(memory.NumberOfBytes % ReadState.PageSize == 0, IgvmFaultId.SizeUnaligned, at + 12, "REQUIRED_MEMORY.number_of_bytes", memory.NumberOfBytes)
        && state.MaskHolds(memory.CompatibilityMask, at + 8, "REQUIRED_MEMORY.compatibility_mask")
        && state.Holds((memory.Flags & ~1U) == 0, IgvmFaultId.RequiredMemoryFlagsReserved, at + 16, "REQUIRED_MEMORY.flags", memory.Flags);

    public static bool CheckErrorRange(in ErrorRangeHeader range, long at, ReadState state) =>
        state.RangeHolds(range.Gpa, range.SizeBytes, at, "ERROR_RANGE.gpa")
        && state.MaskHolds(range.CompatibilityMask, at + 8, "ERROR_RANGE.compatibility_mask");

    public static bool CheckIdBlock(ReadOnlySpan<byte> body, long at, ReadState state)
    {
        uint mask = SnpIdBlockHeader.CompatibilityMask(body);
        byte enabled = body[SnpIdBlockHeader.AuthorKeyEnabledOffset];
        bool authorFields = body[SnpIdBlockHeader.AuthorFieldsOffset..].ContainsAnyExcept((byte)0);
        bool holds = state.MaskHolds(mask, at, "SNP_ID_BLOCK.compatibility_mask")
            && state.Holds(enabled <= 1, IgvmFaultId.AuthorKeyFlagInvalid, at + SnpIdBlockHeader.AuthorKeyEnabledOffset, "SNP_ID_BLOCK.author_key_enabled", enabled)
            && state.Holds(!body.Slice(SnpIdBlockHeader.ReservedOffset, 3).ContainsAnyExcept((byte)0), IgvmFaultId.IdBlockReserved, at + SnpIdBlockHeader.ReservedOffset, "SNP_ID_BLOCK.reserved")
            && state.Holds(enabled != 0 || !authorFields, IgvmFaultId.AuthorFieldsWithoutKey, at + SnpIdBlockHeader.AuthorFieldsOffset, "SNP_ID_BLOCK.author_key_signature and author_public_key")
            && state.Holds((state.IdBlockMasks & mask) == 0, IgvmFaultId.IdBlockTwice, at, "SNP_ID_BLOCK.compatibility_mask", mask);
        state.IdBlockMasks |= mask;
        return holds;
    }
}
