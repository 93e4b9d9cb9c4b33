using System.Globalization;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>How the search for a reference value ended.</summary>
/// <param name="Check">C25.</param>
/// <param name="Matched">The reference value that matched, or null.</param>
/// <param name="Judged">
/// The reference value whose constraints the other checks show: the one that matched, else the usable one that comes nearest, so
/// that a reader sees which of its constraints failed. Null when there is none, or when the policy accepts any measurement.
/// </param>
/// <param name="IsRevoked">Whether a revocation is why nothing matched.</param>
internal sealed record ReferenceMatch(CheckResult Check, MatchedReference? Matched, ReferenceValue? Judged, bool IsRevoked = false);

/// <summary>
/// C25: a revocation of the measurement beats everything; else at least one usable reference value must have the measurement, or accept
/// whatever the signer of the guest's ID block has signed, be of the image and kind asked for, and have all its constraints met.
/// </summary>
internal sealed class ReferenceMatcher(VerifiedReport report, AppraisalPolicy policy, Expectations expectations, MeasurementRecords references, DateTimeOffset at)
{
    private const int MostReasons = 8;
    private readonly Digest384 _measurement = report.Report.Measurement;

    private sealed record Candidate(ReferenceValue Value, string? Obstacle, IReadOnlyList<(CheckId Id, Finding Finding)> Broken)
    {
        public bool Matches => Obstacle is null && Broken.Count == 0;
    }

    public ReferenceMatch Match()
    {
        if (_measurement.IsZero)
        {
            return Refused("a zero measurement never matches");
        }

        if (references.Measurement != _measurement)
        {
            return Refused("the registry was asked about another measurement");
        }

        if (references.Tombstone is { } tombstone)
        {
            return Refused($"revoked on {Day(tombstone.RevokeTime)} with {tombstone.ReferenceName}: {tombstone.Reason}") with { IsRevoked = true };
        }

        Candidate[] registered = [.. references.Values.Select(Judge)];
        Candidate[] candidates = [.. registered, .. references.OfSigners.Select(JudgeSigner)];
        if (!references.IsLifted && references.Values.Any(IsRevocation))
        {
            return Refused(Reasons(registered)) with { IsRevoked = true };
        }

        // A sort keeps the order of equals: a value that has the measurement comes before one that trusts its signer.
        if (candidates.Where(c => c.Matches).OrderBy(c => c.Value.State == ReferenceState.Deprecated).FirstOrDefault() is { Value: var value })
        {
            ReferenceMeasurement? measurement = value.Measurements.FirstOrDefault(m => m.Digest == _measurement);
            string how = measurement is null ? ", by the signer of the ID block" : "";
            return new(CheckResult.Passed(CheckId.MeasurementIsRegistered, Shown, $"{value.Image} {value.Version} ({value.Name}){how}"), new(value, measurement), value);
        }

        string why = Reasons(candidates);
        if (policy.UnsafeAllowAnyMeasurement && expectations is { Image: null, Kinds: null })
        {
            return new(CheckResult.NotRequired(CheckId.MeasurementIsRegistered, $"the policy accepts any measurement; {why}", Shown), null, null);
        }

        ReferenceValue? nearest = candidates.Where(c => c.Obstacle is null).OrderBy(c => c.Broken.Count).FirstOrDefault()?.Value;
        return Refused(why) with { Judged = nearest, IsRevoked = references.OfSigners.Any(IsWithdrawnTrust) };
    }

    private string Shown => _measurement.ToString();

    private string Wanted
    {
        get
        {
            string image = expectations.Image is { } wanted ? $" of image '{wanted}'" : "";
            string kinds = expectations.Kinds is { } set
                ? set.Count == 0 ? ", of no kind at all" : $", of kind {string.Join(" or ", set.Order().Select(k => k.WireName()))}"
                : "";
            return $"a usable reference value{image}{kinds}";
        }
    }

    private ReferenceMatch Refused(string why) => new(CheckResult.Failed(CheckId.MeasurementIsRegistered, Wanted, Shown, why), null, null);

    private Candidate Judge(ReferenceValue value) =>
        Judge(value, value.Measurements.All(m => m.Digest != _measurement) ? "does not have this measurement" : Obstacle(value));

    private Candidate JudgeSigner(ReferenceValue value) => Judge(value, SignedReleases.Obstacle(value, references.OfSigners, report) ?? Obstacle(value));

    private Candidate Judge(ReferenceValue value, string? obstacle) => obstacle is not null
        ? new(value, obstacle, [])
        : new(value, null, ConstraintRules.Broken(report, value.Constraints));

    // A registry writes the tombstones with the state. Should they be missing, the revocation is believed all the same.
    private bool IsRevocation(ReferenceValue value) => value.State == ReferenceState.Revoked && value.Measurements.Any(m => m.Digest == _measurement);

    // Would have vouched for this guest, had it not been revoked.
    private bool IsWithdrawnTrust(ReferenceValue value) =>
        value.State == ReferenceState.Revoked && SignedReleases.Obstacle(value, [], report) is null && ConstraintRules.Broken(report, value.Constraints).Count == 0;

    private string? Obstacle(ReferenceValue value) => value switch
    {
        { State: ReferenceState.Pending } => "awaits approval",
        { State: ReferenceState.Revoked } => "is revoked",
        { State: ReferenceState.Active or ReferenceState.Deprecated, ExpireTime: { } end } when at >= end => $"expired on {Day(end)}",
        _ when !value.IsUsable(at) => "is in no usable state",
        _ when expectations.Image is { } image && !string.Equals(image, value.Image, StringComparison.Ordinal) => $"is of image '{value.Image}'",
        _ when expectations.Kinds is { } kinds && (value.Kind == LaunchKind.Unspecified || !kinds.Contains(value.Kind)) => $"is of kind {value.Kind.WireName()}",
        _ => null,
    };

    private static string Reasons(Candidate[] candidates)
    {
        if (candidates.Length == 0)
        {
            return "no reference value has this measurement";
        }

        IEnumerable<string> reasons = candidates.Take(MostReasons).Select(c => $"{c.Value.Name} {c.Obstacle ?? Unmet(c.Broken)}");
        string more = candidates.Length > MostReasons ? $"; and {candidates.Length - MostReasons} more" : "";
        return string.Join("; ", reasons) + more;
    }

    private static string Unmet(IReadOnlyList<(CheckId Id, Finding Finding)> broken) =>
        "has constraints that are not met: " + string.Join(", ", broken.Select(b => $"{b.Id.WireName()} (expected {b.Finding.Expected}, found: {b.Finding.Actual})"));

    private static string Day(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
