using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Codec;

/// <summary>Makes the log's entries.</summary>
internal static class LogEntries
{
    /// <summary>An entry; <paramref name="before"/> and <paramref name="after"/> are the stored bytes, empty where there is nothing.</summary>
    public static LogEntry Make(
        string tenant,
        string action,
        string resource,
        Actor actor,
        DateTimeOffset at,
        string reason,
        ReadOnlyMemory<byte> before,
        ReadOnlyMemory<byte> after,
        IReadOnlyList<Digest384>? revoked = null) =>
        new()
        {
            Tenant = tenant,
            At = at.ToUniversalTime(),
            Action = action,
            Resource = resource,
            Actor = new EntryActor(actor.Name, actor.Issuer, actor.Subject, actor.Claims),
            Reason = reason.Length > 0 ? reason : null,
            Before = before,
            After = after,
            Revoked = [.. (revoked ?? []).Select(d => d.ToString())],
        };
}
