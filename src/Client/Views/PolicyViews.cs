using System.Text.Json;
using System.Text.Json.Serialization;
using Verifier.Client.Online;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>A policy as the command line shows it. Its JSON form is a contract with scripts (docs/cli.md).</summary>
internal sealed record PolicyView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public required string Name { get; init; }

    /// <summary>Absent for the built-in policy.</summary>
    public long? Version { get; init; }

    public required string Sha256 { get; init; }

    public bool InForce { get; init; }

    public string? Etag { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public DateTimeOffset? UpdateTime { get; init; }

    /// <summary>What it says, as its document has it (docs/policies.md); absent in lists.</summary>
    public JsonElement? Document { get; init; }

    public static PolicyView Of(V1.Policy policy) => new()
    {
        Name = ResourceNames.Id(policy.Name),
        Version = policy.Version == 0 ? null : policy.Version,
        Sha256 = ServiceViews.Hex(policy.Sha256),
        InForce = policy.InForce,
        Etag = ServiceViews.Text(policy.Etag),
        Author = ServiceViews.Text(policy.Author),
        CreateTime = ServiceViews.Time(policy.CreateTime),
        UpdateTime = ServiceViews.Time(policy.UpdateTime),
    };
}

/// <summary>Several policies, or versions of one.</summary>
internal sealed record PolicyListView(IReadOnlyList<PolicyView> Policies, bool Truncated)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}

/// <summary>What became of one report in a trial: by the current policy and by the draft.</summary>
internal sealed record TrialView(string Report, VerdictView Current, VerdictView Draft, IReadOnlyList<string> DifferingChecks);

/// <summary>A trial of a draft on several reports.</summary>
internal sealed record TrialListView(string Policy, string Sha256, IReadOnlyList<string> UnsafeSwitches, IReadOnlyList<TrialView> Reports)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}
