using SevSnp.Primitives;
using Verifier.Service.Registry;

namespace Verifier.Service.Usage;

/// <summary>What a revocation would do: who had its measurements accepted lately, and which other reference values have them too.</summary>
internal sealed record RevocationImpact(IReadOnlyList<RevocationImpact.Use> Uses, long Accepted, IReadOnlyList<string> OtherReferenceValues)
{
    public const int MostUses = 1000;

    /// <summary>One caller's acceptances of one day.</summary>
    public sealed record Use(DateOnly Day, string Caller, long Accepted);
}

/// <summary>Tells what a revocation would do.</summary>
internal sealed class RevocationImpacts(IReferenceValueStore references, IUsageStore usage, UsageFlusher flusher, TimeProvider clock)
{
    public async Task<RevocationImpact> OfAsync(StoredReferenceValue value, CancellationToken cancellation)
    {
        // What this process still holds is the newest there is.
        await flusher.FlushAsync(cancellation);
        DateOnly from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - UsageLimits.Days);
        Digest384[] subjects = value.Value.AcceptsBySigner ? [UsageCounter.SubjectOf(value.Value.Name)] : [.. value.Value.Measurements.Select(m => m.Digest)];
        IReadOnlyList<UsageCount> counts = await usage.ReadAsync(value.Tenant, subjects, from, cancellation);
        RevocationImpact.Use[] uses =
        [
            .. counts.GroupBy(c => (c.Key.Day, c.Key.Caller))
                .Select(g => new RevocationImpact.Use(g.Key.Day, g.Key.Caller, g.Sum(c => c.Accepted)))
                .OrderByDescending(u => u.Day).ThenByDescending(u => u.Accepted).ThenBy(u => u.Caller, StringComparer.Ordinal),
        ];
        return new RevocationImpact([.. uses.Take(RevocationImpact.MostUses)], uses.Sum(u => u.Accepted), await OthersAsync(value, cancellation));
    }

    private async Task<IReadOnlyList<string>> OthersAsync(StoredReferenceValue value, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (SevSnp.References.ReferenceMeasurement measurement in value.Value.Measurements)
        {
            MeasurementEntry entry = await references.FindAsync(value.Tenant, measurement.Digest, cancellation);
            names.UnionWith(entry.Values.Where(v => v.Id != value.Id && v.Value.IsUsable(now)).Select(v => v.Value.Name));
        }

        return [.. names];
    }
}
