using System.Diagnostics.CodeAnalysis;
using Verifier.Ledger;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>Entries as they are read, and what may be wrong with them.</summary>
internal static class LogBatches
{
    public static bool TryRead(LogLeaf leaf, long expected, [NotNullWhen(true)] out LogEntry? entry, [NotNullWhen(false)] out LogFault? fault)
    {
        entry = null;
        fault = leaf.Index != expected ? new LogFault(LogFault.Broken, $"entry {expected} is missing")
            : LogEntry.TryRead(leaf.Data, out entry, out EntryFault unreadable) ? null
            : new LogFault(LogFault.Broken, $"entry {expected} cannot be read: {unreadable}");
        return fault is null && entry is not null;
    }

    public static LogFault Truncated(long have, long size) => new(LogFault.Broken, $"the log has {have} entries, its head covers {size}");

    public static LogFault OtherRoot(long size) => new(LogFault.Broken, $"the root over the first {size} entries is not the one that is signed");

    /// <summary>Waits for a batch that nobody needs any more.</summary>
    public static async Task EndOfAsync(Task batch) => await batch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
