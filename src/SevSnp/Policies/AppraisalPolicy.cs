using System.Collections.Frozen;
using SevSnp.Policies.Documents;

namespace SevSnp.Policies;

/// <summary>
/// A tenant's policy: constraints, and the only place where anything can be loosened. Whatever loosens carries <c>Unsafe</c> in its
/// name, is off by default, and is named in every verdict it touches.
/// </summary>
public sealed record AppraisalPolicy
{
    private const uint DefaultMinReportVersion = 3;
    private static readonly FrozenSet<uint> DefaultVmpls = new uint[] { 0 }.ToFrozenSet();
    private static readonly FrozenSet<string> DefaultCspIds = FrozenSet.ToFrozenSet<string>([], StringComparer.Ordinal);
    private static readonly FrozenSet<string> NoAdvisories = FrozenSet.ToFrozenSet<string>([], StringComparer.Ordinal);

    /// <summary>
    /// The policy in force where no other was written: version 3 at least, VMPL 0 only, VLEK of no provider, no debugging, no
    /// migration, alias check demanded, revocation list preferred, no TCB floors.
    /// </summary>
    public static AppraisalPolicy Default { get; } = new();

    internal const int LongestAdvisoryId = 32;

    /// <summary>Name shown in verdicts.</summary>
    public string Name { get; init; } = "builtin";

    /// <summary>Version of the stored policy, counted from 1; 0 for one that is not stored.</summary>
    public long Version { get; init; }

    /// <summary>What it is for, for people; at most 512 characters. Empty: not said.</summary>
    public string Description { get; init; } = "";

    /// <summary>
    /// What must hold. A policy that is silent on the least report version, the VMPLs or the providers does not waive them: it
    /// inherits version 3, VMPL 0 and no provider.
    /// </summary>
    public Constraints Constraints { get; init; } = new()
    {
        MinReportVersion = DefaultMinReportVersion,
        Vmpls = DefaultVmpls,
        CspIds = DefaultCspIds,
    };

    /// <summary>What to do when no revocation list is at hand.</summary>
    public RevocationRule Revocation { get; init; } = RevocationRule.Preferred;

    /// <summary>
    /// Security bulletins, by the ids of the list of advisories, that a report must show to be dealt with (C48). One that is out of date
    /// refuses the guest, and so does one of which the report, or the list, cannot tell.
    /// </summary>
    public IReadOnlySet<string> RequiredAdvisories { get; init; } = NoAdvisories;

    /// <summary>What a request may state beyond the policy; null admits everything, since a request can only tighten.</summary>
    public IReadOnlySet<Expectation>? AdmittedExpectations { get; init; }

    /// <summary>Accepts guests that the host may debug, which means that it can read and change all their memory.</summary>
    public bool UnsafeAllowDebug { get; init; }

    /// <summary>Accepts guests that a migration agent may move, without judging that agent.</summary>
    public bool UnsafeAllowMigration { get; init; }

    /// <summary>Accepts reports signed by a VCEK whose CHIP_ID the host has masked.</summary>
    public bool UnsafeAllowMaskedChipId { get; init; }

    /// <summary>Accepts reports without a REPORT_DATA binding: nothing then shows that the report is fresh or of the peer.</summary>
    public bool UnsafeAllowUnboundReport { get; init; }

    /// <summary>Accepts any launch measurement: the verdict then says only that some SEV-SNP guest made the report.</summary>
    public bool UnsafeAllowAnyMeasurement { get; init; }

    /// <summary>
    /// Accepts reports of version 3 and later that do not show a completed alias check (platform information bit 5): the host may then
    /// have made two addresses of one memory cell. Reports of version 2 cannot show it: a policy that allows them knows that.
    /// </summary>
    public bool UnsafeSkipAliasCheck { get; init; }

    /// <summary>
    /// Does without revocation lists: none is fetched, and nothing is said when there is none. One that comes with the evidence is
    /// judged all the same. Has no effect where <see cref="Revocation"/> demands a list.
    /// </summary>
    public bool UnsafeSkipRevocation { get; init; }

    /// <summary>Which policy it is, with the hash of its canonical document.</summary>
    public PolicyIdentity Identity => new(Name, Version, PolicyDocument.Sha256(this));

    /// <summary>The unsafe switches that are on, by name.</summary>
    public IEnumerable<string> UnsafeSwitches
    {
        get
        {
            (bool On, string Name)[] switches =
            [
                (UnsafeAllowDebug, "unsafe_allow_debug"),
                (UnsafeAllowMigration, "unsafe_allow_migration"),
                (UnsafeAllowMaskedChipId, "unsafe_allow_masked_chip_id"),
                (UnsafeAllowUnboundReport, "unsafe_allow_unbound_report"),
                (UnsafeAllowAnyMeasurement, "unsafe_allow_any_measurement"),
                (UnsafeSkipAliasCheck, "unsafe_skip_alias_check"),
                (UnsafeSkipRevocation, "unsafe_skip_revocation"),
            ];
            return switches.Where(s => s.On).Select(s => s.Name);
        }
    }

    /// <summary>What a request states although this policy does not admit it, which a service refuses to answer.</summary>
    /// <param name="expectations">The request's expectations.</param>
    /// <returns>The expectations that are not admitted; none when all are.</returns>
    public IReadOnlyList<Expectation> NotAdmitted(Expectations expectations) =>
        AdmittedExpectations is { } admitted ? [.. expectations.Stated().Where(e => !admitted.Contains(e))] : [];

    /// <summary>The constraints with the defaults where the policy is silent.</summary>
    internal Constraints EffectiveConstraints => Constraints with
    {
        MinReportVersion = Constraints.MinReportVersion ?? DefaultMinReportVersion,
        Vmpls = Constraints.Vmpls ?? DefaultVmpls,
        CspIds = Constraints.CspIds ?? DefaultCspIds,
    };
}

/// <summary>What to do when no revocation list is at hand. A stale, foreign or wrongly signed one is refused in either case.</summary>
public enum RevocationRule
{
    /// <summary>A list is demanded.</summary>
    Required = 0,

    /// <summary>Its absence is a visible warning.</summary>
    Preferred = 1,
}
