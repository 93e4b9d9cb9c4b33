using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Verifier.Ledger;

/// <summary>Bytes to an entry, strictly: members in their order, each once, and nothing that the writer would write differently.</summary>
internal static class EntryReader
{
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out LogEntry? entry, out EntryFault fault)
    {
        entry = null;
        if (bytes.Length > LogEntry.MaxLength)
        {
            fault = new EntryFault(EntryFaultId.TooLong, LogEntry.MaxLength, "an entry has at most 16 MiB");
            return false;
        }

        MemberReader json = new(bytes.Span);
        LogEntry read;
        try
        {
            json.Begin();
            if (json.Int64("v"u8) != EntryRules.Version)
            {
                fault = new EntryFault(EntryFaultId.UnknownVersion, 0, "the version is 2");
                return false;
            }

            read = Members(ref json, bytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            fault = new EntryFault(EntryFaultId.Malformed, json.Offset, "an entry is one JSON object with its members in their order, each once");
            return false;
        }
        catch (FormatException e)
        {
            fault = new EntryFault(EntryFaultId.BadValue, json.Offset, e.Message);
            return false;
        }

        if (EntryRules.Broken(read) is { } rule)
        {
            fault = new EntryFault(EntryFaultId.BadValue, 0, rule);
            return false;
        }

        int same = EntryWriter.Write(read, validated: true).AsSpan().CommonPrefixLength(bytes.Span);
        if (same != bytes.Length)
        {
            fault = new EntryFault(EntryFaultId.NotCanonical, same, "an entry is written in one form only");
            return false;
        }

        (entry, fault) = (read, default);
        return true;
    }

    private static LogEntry Members(ref MemberReader json, ReadOnlyMemory<byte> bytes)
    {
        string tenant = json.Text("tenant"u8);
        DateTimeOffset at = Time(json.Text("at"u8));
        string action = json.Text("action"u8);
        string resource = json.Text("resource"u8);
        EntryActor actor = Actor(ref json);
        string? reason = json.Has("reason"u8) ? json.Text("reason"u8) : null;
        ReadOnlyMemory<byte> before = json.Has("before"u8) ? bytes[json.Raw("before"u8)] : default;
        ReadOnlyMemory<byte> after = json.Has("after"u8) ? bytes[json.Raw("after"u8)] : default;
        IReadOnlyList<string> revoked = json.Has("revoked"u8) ? json.Texts("revoked"u8, EntryRules.MaxMeasurements) : [];
        IReadOnlyList<string> lifted = json.Has("lifted"u8) ? json.Texts("lifted"u8, EntryRules.MaxMeasurements) : [];
        json.End();
        return new LogEntry
        {
            Tenant = tenant,
            At = at,
            Action = action,
            Resource = resource,
            Actor = actor,
            Reason = reason,
            Before = before,
            After = after,
            Revoked = revoked,
            Lifted = lifted,
        };
    }

    private static EntryActor Actor(ref MemberReader json)
    {
        json.BeginObject("actor"u8);
        string name = json.Text("name"u8);
        string issuer = json.Text("issuer"u8);
        string subject = json.Text("subject"u8);
        json.BeginObject("claims"u8);
        Dictionary<string, string> claims = new(StringComparer.Ordinal);
        while (json.HasMember)
        {
            (string claim, string value) = json.TextMember();
            if (claims.Count == EntryRules.MaxClaims || !claims.TryAdd(claim, value))
            {
                throw new FormatException("an actor has at most 64 claims, each once");
            }
        }

        json.EndObject();
        json.EndObject();
        return new EntryActor(name, issuer, subject, claims);
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.TryParseExact(text, EntryWriter.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new FormatException("at is a time in UTC with seven digits of fractions, 2026-11-26T02:00:00.0000000Z");
}
