using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.References;

namespace SevSnp.Explanation;

/// <summary>
/// Puts a finished refusal into words. Pure, and made from the verdict after it stands, so that it cannot alter it. Of evidence that is
/// not authentic it says nothing: what a forged report shows has no cause.
/// </summary>
public static class Explainer
{
    /// <summary>Most causes that are given.</summary>
    public const int MaxCauses = 16;

    /// <summary>Tells whether near variants are worth looking up: an authentic report whose measurement was refused.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>True when <see cref="Explain"/> would use them.</returns>
    public static bool WantsNearVariants(AttestationVerdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict is { Accepted: false, IsReportAuthentic: true } && Failed(verdict, CheckId.MeasurementIsRegistered) is not null;
    }

    /// <summary>Explains a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="records">What the registry knows of the measurement, as it was judged by.</param>
    /// <param name="near">Launches of the tenant's registered files that have this measurement without being registered; null when they cannot be told.</param>
    /// <returns>The causes, the measurement's first; none for an accepted guest.</returns>
    public static IReadOnlyList<Cause> Explain(AttestationVerdict verdict, MeasurementRecords records, IReadOnlyList<NearMatch>? near)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(records);
        if (verdict is not { Accepted: false, IsReportAuthentic: true })
        {
            return [];
        }

        IEnumerable<Cause> measurement = Failed(verdict, CheckId.MeasurementIsRegistered) is { } failed
            ? MeasurementCauses.Of(records, near, failed, verdict.JudgedAt)
            : [];
        return [.. measurement.Concat(FieldCauses.Of(verdict.Checks)).Take(MaxCauses)];
    }

    private static CheckResult? Failed(AttestationVerdict verdict, CheckId id) =>
        verdict.Checks.FirstOrDefault(c => c.Id == id && c.Status == CheckStatus.Failed);
}
