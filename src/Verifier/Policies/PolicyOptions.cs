using SevSnp.Policies;

namespace Verifier.Service.Policies;

/// <summary>
/// The policy of the tenant <c>default</c>. Section <c>Policy</c>. Whatever is not set is as in <see cref="AppraisalPolicy.Default"/>;
/// whatever loosens is named <c>Unsafe</c>, is told in the log at start and in every verdict.
/// </summary>
internal sealed class PolicyOptions
{
    public const string Section = "Policy";

    /// <summary>Name shown in verdicts, 1 to 63 of [a-z0-9-]. Default: <c>default</c>.</summary>
    public string Name { get; set; } = "default";

    /// <summary>Least report version, 2 to 5. Default: 3.</summary>
    public uint MinReportVersion { get; set; } = 3;

    /// <summary>Allowed VMPLs, each 0 to 3. Default: none listed, which means 0 only.</summary>
    public uint[]? Vmpls { get; set; }

    /// <summary>Cloud providers whose VLEK is allowed, exact text. Default: none.</summary>
    public string[]? CspIds { get; set; }

    /// <summary>Whether a revocation list must be at hand. Default: preferred.</summary>
    public RevocationRule Revocation { get; set; } = RevocationRule.Preferred;

    /// <summary>Accepts guests that the host may debug. Default: off.</summary>
    public bool UnsafeAllowDebug { get; set; }

    /// <summary>Accepts guests that a migration agent may move. Default: off.</summary>
    public bool UnsafeAllowMigration { get; set; }

    /// <summary>Accepts reports whose CHIP_ID the host has masked. Default: off.</summary>
    public bool UnsafeAllowMaskedChipId { get; set; }

    /// <summary>Accepts requests without a binding of REPORT_DATA. Default: off.</summary>
    public bool UnsafeAllowUnboundReport { get; set; }

    /// <summary>Accepts any launch measurement. Default: off.</summary>
    public bool UnsafeAllowAnyMeasurement { get; set; }

    /// <summary>Accepts reports of version 3 and later without a completed alias check. Default: off.</summary>
    public bool UnsafeSkipAliasCheck { get; set; }

    public AppraisalPolicy ToPolicy()
    {
        AppraisalPolicy defaults = AppraisalPolicy.Default;
        return defaults with
        {
            Name = Name,
            Constraints = defaults.Constraints with
            {
                MinReportVersion = MinReportVersion,
                Vmpls = Vmpls is null ? defaults.Constraints.Vmpls : Vmpls.ToHashSet(),
                CspIds = CspIds is null ? defaults.Constraints.CspIds : CspIds.ToHashSet(StringComparer.Ordinal),
            },
            Revocation = Revocation,
            UnsafeAllowDebug = UnsafeAllowDebug,
            UnsafeAllowMigration = UnsafeAllowMigration,
            UnsafeAllowMaskedChipId = UnsafeAllowMaskedChipId,
            UnsafeAllowUnboundReport = UnsafeAllowUnboundReport,
            UnsafeAllowAnyMeasurement = UnsafeAllowAnyMeasurement,
            UnsafeSkipAliasCheck = UnsafeSkipAliasCheck,
        };
    }
}
