using System.Globalization;
using SevSnp.Checks;
using SevSnp.References;

namespace SevSnp.Explanation;

/// <summary>Why a measurement was refused: what is registered under it, and which registered file it is a launch of.</summary>
internal static class MeasurementCauses
{
    private const int MostOfAKind = 8;

    public static IEnumerable<Cause> Of(MeasurementRecords records, IReadOnlyList<NearMatch>? near, CheckResult failed, DateTimeOffset at)
    {
        if (records.Tombstone is { } tombstone)
        {
            return
            [
                new Cause(
                    "MEASUREMENT_REVOKED",
                    $"this is a revoked release ({Release(records, tombstone)}), revoked on {Day(tombstone.RevokeTime)}: {tombstone.Reason}; no registration makes it accepted again, launch a newer one",
                    tombstone.ReferenceName),
            ];
        }

        List<Cause> causes = [.. records.Values.Take(MostOfAKind).Select(v => OfRegistered(v, failed, at))];
        causes.AddRange(records.OfSigners.Take(MostOfAKind).Select(v => OfSigner(v, failed, at)));
        causes.AddRange((near ?? []).Take(MostOfAKind).Select(n => NearCauses.Of(n, at)));
        if (near is null)
        {
            causes.Add(new Cause("NEAR_VARIANTS_NOT_KNOWN", "whether this is another launch of a registered file cannot be told now"));
        }
        else if (causes.Count == 0)
        {
            causes.Add(new Cause(
                "MEASUREMENT_UNKNOWN",
                "no registered release has this measurement, and no launch that was tried of one that was registered from its file: what was launched is another build, was changed, or was launched in a way that was not tried"));
        }

        return causes;
    }

    /// <summary>Why a value that may match may not, or null.</summary>
    public static string? Obstacle(ReferenceValue value, DateTimeOffset at) => value switch
    {
        { State: ReferenceState.Pending } => "awaits approval",
        { State: ReferenceState.Revoked } => "is revoked",
        { ExpireTime: { } end } when at >= end => $"expired on {Day(end)}",
        _ when !value.IsUsable(at) => "is in no usable state",
        _ => null,
    };

    public static string Name(ReferenceValue value) => $"{value.Image} {value.Version}";

    private static Cause OfRegistered(ReferenceValue value, CheckResult failed, DateTimeOffset at) => (value.State, Obstacle(value, at)) switch
    {
        (ReferenceState.Pending, _) => new("RELEASE_AWAITS_APPROVAL", $"this is {Name(value)}, which awaits approval: activate it if it is what it should be", value.Name),
        (_, { } obstacle) => new("RELEASE_NOT_IN_USE", $"this is {Name(value)}, which {obstacle}", value.Name),
        _ => new("RELEASE_DOES_NOT_FIT", $"this is {Name(value)}, which is in use, but not as it was launched or asked for here: {failed.Detail}", value.Name),
    };

    private static Cause OfSigner(ReferenceValue value, CheckResult failed, DateTimeOffset at) => new(
        "SIGNED_RELEASE_NOT_ACCEPTED",
        $"its ID block was signed by a key that {Name(value)} trusts, but that reference value {Obstacle(value, at) ?? $"does not fit this guest or what was asked for: {failed.Detail}"}",
        value.Name);

    private static string Release(MeasurementRecords records, Tombstone tombstone) =>
        records.Values.FirstOrDefault(v => v.Name == tombstone.ReferenceName) is { } value ? Name(value) : tombstone.ReferenceName;

    private static string Day(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
