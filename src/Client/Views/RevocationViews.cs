using System.Text.Json.Serialization;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>What a revocation would do, from the counts of the last 30 days.</summary>
internal sealed record RevocationImpactView(
    ulong Accepted, IReadOnlyList<UseView> Uses, IReadOnlyList<string> OtherReferenceValues, double? LossWindowSeconds)
{
    public static RevocationImpactView Of(V1.RevocationImpact impact) => new(
        impact.Accepted,
        [.. impact.Uses.Select(u => new UseView(u.Day, u.Caller, u.Accepted))],
        [.. impact.OtherReferenceValues],
        impact.LossWindow?.ToTimeSpan().TotalSeconds);
}

/// <summary>Acceptances of one caller on one day (UTC).</summary>
internal sealed record UseView(string Day, string Caller, ulong Accepted);

/// <summary>A request to lift a revocation.</summary>
internal sealed record LiftRequestView(
    string Name, string Digest, string Reason, string State, string? Requester, string? Approver, DateTimeOffset? CreateTime, DateTimeOffset? ExpireTime, string? Etag)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    /// <summary>True when nothing was changed: this is how it would be.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Names of the reference values that match again.</summary>
    public IReadOnlyList<string>? MatchingAgain { get; init; }

    public static LiftRequestView Of(V1.LiftRequest? lift) => lift is null
        ? throw new CommandFailure(ExitCode.Outage, "the service's answer holds no request")
        : new(
            lift.Name,
            ServiceViews.Hex(lift.Digest),
            lift.Reason,
            lift.State.ToString().ToLowerInvariant(),
            ServiceViews.Text(lift.Requester),
            ServiceViews.Text(lift.Approver),
            ServiceViews.Time(lift.CreateTime),
            ServiceViews.Time(lift.ExpireTime),
            ServiceViews.Text(lift.Etag));
}

/// <summary>A tenant's requests to lift revocations.</summary>
internal sealed record LiftRequestListView(IReadOnlyList<LiftRequestView> LiftRequests)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}
