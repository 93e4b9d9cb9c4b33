namespace SevSnp.Igvm.Faults;

/// <summary>Rules of pages, parameter areas and where they go.</summary>
internal static class MemoryRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.GpaUnaligned, IgvmSeverity.Refused, "must be a multiple of 4096"),
        new(IgvmFaultId.SizeUnaligned, IgvmSeverity.Refused, "must be a multiple of 4096"),
        new(IgvmFaultId.GpaOverflows, IgvmSeverity.Refused, "the range must end within the 64-bit address space"),
        new(IgvmFaultId.GpaBeyondPhysical, IgvmSeverity.Strict, "the range must end within the 52 bits of a physical address"),
        new(IgvmFaultId.LargePageUnaligned, IgvmSeverity.Strict, "the address of a 2 MiB page must be a multiple of 2 MiB"),
        new(IgvmFaultId.PageFlagsReserved, IgvmSeverity.Strict, "only bits 0 to 2 may be set"),
        new(IgvmFaultId.PageDataTypeUnknown, IgvmSeverity.Refused, "must be 0 to 3"),
        new(IgvmFaultId.ReservedNotZero, IgvmSeverity.Refused, "must be zero"),
        new(IgvmFaultId.RequiredMemoryFlagsReserved, IgvmSeverity.Strict, "only bit 0 may be set"),
        new(IgvmFaultId.DataOffsetInHeaders, IgvmSeverity.Refused, "must point behind the variable header section"),
        new(IgvmFaultId.DataPastEnd, IgvmSeverity.Refused, "the data must end within the file"),
        new(IgvmFaultId.ParameterAreaTwice, IgvmSeverity.Refused, "an area index may be declared once only"),
        new(IgvmFaultId.ParameterAreaUndeclared, IgvmSeverity.Refused, "must be the index of an area declared before"),
        new(IgvmFaultId.ParameterAreaInserted, IgvmSeverity.Refused, "the area must not have been inserted already"),
        new(IgvmFaultId.ParameterOutsideArea, IgvmSeverity.Strict, "the parameter must lie within its area"),
        new(IgvmFaultId.InsertInPageTable, IgvmSeverity.Refused, "an area must not be inserted into a page table region"),
        new(IgvmFaultId.PagesOverlap, IgvmSeverity.Strict, "two pages of one platform must not overlap"),
        new(IgvmFaultId.ParameterAreaOverlaps, IgvmSeverity.Strict, "an inserted area must not overlap another page or area of one platform"),
        new(IgvmFaultId.VmsaOverlaps, IgvmSeverity.Strict, "a VP context must not overlap another page or area of one platform"),
    ];
}
