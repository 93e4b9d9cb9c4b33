using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Advisories;

/// <summary>One security bulletin of AMD, and what a report must show for it to be dealt with.</summary>
/// <param name="Id">AMD's number, for example <c>AMD-SB-3019</c>.</param>
/// <param name="Name">The name it is known by; empty when it has none.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Cves">CVE identifiers.</param>
/// <param name="IsActive">False while what is known of it is not confirmed: it is then listed and never judged.</param>
/// <param name="Requirements">What must hold, by product line and CPU; empty when inactive.</param>
/// <param name="Sources">Where each figure was read.</param>
/// <param name="Date">When the entry was last compared with its sources.</param>
/// <param name="Note">What a reader should know of the entry; for an inactive one, what is missing.</param>
public sealed record Advisory(
    string Id,
    string Name,
    string Title,
    IReadOnlyList<string> Cves,
    bool IsActive,
    IReadOnlyList<AdvisoryRequirement> Requirements,
    IReadOnlyList<string> Sources,
    DateOnly Date,
    string Note);

/// <summary>What must hold on one product line, or on one CPU of it. All requirements that fit a report must hold.</summary>
/// <param name="Product">The product line.</param>
/// <param name="Cpu">The family, model and stepping it is for, or null for the whole product line.</param>
/// <param name="Tcb">Least REPORTED_TCB, COMMITTED_TCB and LAUNCH_TCB by component, 0 where nothing is asked; null when no component matters.</param>
/// <param name="PlatformInfo">Platform information bits that must be set. Reports of version 2 are too old to show them.</param>
/// <param name="Mitigations">Mitigation bits that must be set at launch and now. Reports below version 5 cannot show them.</param>
public sealed record AdvisoryRequirement(
    ProductLine Product, CpuSignature? Cpu, TcbVersion? Tcb, PlatformInfoBits PlatformInfo, ulong Mitigations);

/// <summary>What a report says of a bulletin. The zero value is the one that proves nothing.</summary>
public enum AdvisoryStatus
{
    /// <summary>The report cannot show it, or what is known of the bulletin is not confirmed.</summary>
    Unknown = 0,

    /// <summary>The report shows that the fix is missing.</summary>
    OutOfDate = 1,

    /// <summary>The report shows everything that the bulletin asks for.</summary>
    UpToDate = 2,
}

/// <summary>One bulletin and one verified report.</summary>
/// <param name="Advisory">The bulletin.</param>
/// <param name="Status">What the report says of it.</param>
/// <param name="Detail">Why, for a reader.</param>
public sealed record AdvisoryFinding(Advisory Advisory, AdvisoryStatus Status, string Detail);

/// <summary>The stable text names of <see cref="AdvisoryStatus"/>.</summary>
public static class AdvisoryStatuses
{
    /// <summary>The name in answers: <c>UNKNOWN</c>, <c>OUT_OF_DATE</c> or <c>UP_TO_DATE</c>.</summary>
    /// <param name="status">A status.</param>
    /// <returns>The name; every value that is no member is unknown.</returns>
    public static string WireName(this AdvisoryStatus status) =>
        Enum.IsDefined(status) ? UpperSnake.Of(status.ToString()) : UpperSnake.Of(nameof(AdvisoryStatus.Unknown));
}
