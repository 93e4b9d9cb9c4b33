namespace SevSnp.Igvm.Faults;

/// <summary>Rules of VP contexts and ID blocks.</summary>
internal static class ContextRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.VpContextPlatformInvalid, IgvmSeverity.Refused, "the mask must be that of exactly one platform with VP contexts in the file: SEV-SNP, SEV-ES, SEV, VSM or native"),
        new(IgvmFaultId.VpContextDataAbsent, IgvmSeverity.Refused, "a VP context must have data"),
        new(IgvmFaultId.VpContextReserved, IgvmSeverity.Strict, "must be zero"),
        new(IgvmFaultId.VpContextGpaNotZero, IgvmSeverity.Strict, "must be zero for this platform"),
        new(IgvmFaultId.VpContextTwice, IgvmSeverity.Strict, "a virtual processor may have one context only"),
        new(IgvmFaultId.VmsaTailNotZero, IgvmSeverity.Refused, "the bytes of a save area from 0x670 on must be zero"),
        new(IgvmFaultId.VsmVpIndexNotZero, IgvmSeverity.Crashing, "must be 0"),
        new(IgvmFaultId.VsmContextBeyondFile, IgvmSeverity.Crashing, "the context must begin within the file data"),
        new(IgvmFaultId.VsmRegistersAbsent, IgvmSeverity.Refused, "there must be a register"),
        new(IgvmFaultId.VsmRegisterCountTooLarge, IgvmSeverity.Refused, "the registers must end within the file, and be no more than the limit"),
        new(IgvmFaultId.VsmVtlsDiffer, IgvmSeverity.Crashing, "all registers of a context must have the same VTL"),
        new(IgvmFaultId.IdBlockTwice, IgvmSeverity.Strict, "a platform may have one ID block only"),
        new(IgvmFaultId.IdBlockReserved, IgvmSeverity.Strict, "must be zero"),
        new(IgvmFaultId.AuthorKeyFlagInvalid, IgvmSeverity.Strict, "must be 0 or 1"),
        new(IgvmFaultId.AuthorFieldsWithoutKey, IgvmSeverity.Strict, "must be zero while the author key is not enabled"),
    ];
}
