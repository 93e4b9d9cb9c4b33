using System.Text.Json;
using System.Text.Json.Serialization;
using Verifier.Client.Log;
using Verifier.Ledger;

namespace Verifier.Client.Views;

/// <summary>A head that was checked.</summary>
internal sealed record LogHeadView(string Tenant, long Size, string Root, DateTimeOffset? Time, string? KeyId)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public static LogHeadView Of(string tenant, RemoteHead head) => new(tenant, head.Size, head.Root.ToString(), head.Signed?.Head.Time, head.Signed?.KeyId);
}

/// <summary>Entries of a log.</summary>
internal sealed record LogEntriesView(IReadOnlyList<LogEntryView> Entries, bool Truncated)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}

/// <summary>One entry; of one that cannot be read only index and fault.</summary>
internal sealed record LogEntryView(long Index, string LeafHash)
{
    public DateTimeOffset? At { get; init; }

    public string? Action { get; init; }

    public string? Resource { get; init; }

    public string? Actor { get; init; }

    public string? ActorIssuer { get; init; }

    public string? ActorSubject { get; init; }

    public IReadOnlyDictionary<string, string>? ActorClaims { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<string>? Revoked { get; init; }

    public IReadOnlyList<string>? Lifted { get; init; }

    public JsonElement? Before { get; init; }

    public JsonElement? After { get; init; }

    public string? Fault { get; init; }

    public static LogEntryView Of(long index, ReadOnlyMemory<byte> data)
    {
        LogEntryView view = new(index, TreeHashing.Leaf(data.Span).ToString());
        return !LogEntry.TryRead(data, out LogEntry? entry, out EntryFault fault) ? view with { Fault = fault.ToString() } : view with
        {
            At = entry.At,
            Action = entry.Action,
            Resource = entry.Resource,
            Actor = entry.Actor.Name,
            ActorIssuer = entry.Actor.Issuer,
            ActorSubject = entry.Actor.Subject,
            ActorClaims = entry.Actor.Claims,
            Reason = entry.Reason,
            Revoked = entry.Revoked.Count == 0 ? null : entry.Revoked,
            Lifted = entry.Lifted.Count == 0 ? null : entry.Lifted,
            Before = Json(entry.Before),
            After = Json(entry.After),
        };
    }

    private static JsonElement? Json(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }
}

/// <summary>A log that holds together, and a store that is as it says.</summary>
internal sealed record LogVerifiedView(string Tenant, long Entries, string Root, long Resources, int Revoked)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public string Outcome { get; } = "verified";
}
