namespace SevSnp.Igvm.Faults;

/// <summary>Rules of limits.</summary>
internal static class LimitRules
{
    public static IgvmRule[] All { get; } =
    [
        new(IgvmFaultId.FileTooLarge, IgvmSeverity.Limit, "must be no longer than the limit"),
        new(IgvmFaultId.HeaderSectionTooLarge, IgvmSeverity.Limit, "must be no larger than the limit"),
        new(IgvmFaultId.TooManyHeaders, IgvmSeverity.Limit, "there must be no more headers than the limit"),
        new(IgvmFaultId.TooManyPages, IgvmSeverity.Limit, "there must be no more pages than the limit"),
        new(IgvmFaultId.ParameterAreaTooLarge, IgvmSeverity.Limit, "an area must not have more pages than the limit"),
        new(IgvmFaultId.TooManyParameterAreas, IgvmSeverity.Limit, "there must be no more areas than the limit"),
        new(IgvmFaultId.TooManyVpContexts, IgvmSeverity.Limit, "there must be no more VP contexts than the limit"),
        new(IgvmFaultId.TooManyRelocations, IgvmSeverity.Limit, "there must be no more regions than the limit"),
        new(IgvmFaultId.CorimTooLarge, IgvmSeverity.Limit, "must be no larger than the limit"),
    ];
}
