using SevSnp.Launch;

namespace SevSnp.Policies;

/// <summary>What a caller asks of one report beyond the tenant's policy. Can only tighten.</summary>
public sealed record Expectations
{
    /// <summary>How REPORT_DATA must have been made; null is refused unless the policy allows unbound reports.</summary>
    public ReportDataBinding? Binding { get; init; }

    /// <summary>
    /// True when whoever keeps the issued challenges has used up <see cref="ReportDataBinding.Challenge"/> of the binding for this very
    /// judging. Without it a binding by challenge is refused.
    /// </summary>
    public bool ChallengeIsSpent { get; init; }

    /// <summary>Image of the matching reference value; null for any.</summary>
    public string? Image { get; init; }

    /// <summary>Accepted kinds of launch; null for any.</summary>
    public IReadOnlySet<LaunchKind>? Kinds { get; init; }

    /// <summary>What must hold of the report.</summary>
    public Constraints Constraints { get; init; } = Constraints.None;
}
