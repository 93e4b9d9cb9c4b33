using Verifier.Ledger;

namespace Verifier.Service.Storage.Changes;

/// <summary>
/// Knows what the log says last. Before an entry is signed it is held against that: an entry that begins from something else than the log
/// says, or that continues a log which went back, would be signed for good and break the log for everybody.
/// </summary>
internal interface ILogWitness
{
    /// <summary>Whether an entry may follow upon a head (empty: upon nothing); false when what is known is of another head.</summary>
    /// <exception cref="Log.LogRefusedException">The entry contradicts the log, or the log itself must not be trusted.</exception>
    bool Allows(string tenant, ReadOnlySpan<byte> head, LogEntry entry);

    /// <summary>Reads the log to its end.</summary>
    Task CatchUpAsync(string tenant, CancellationToken cancellation);
}

/// <summary>What is known of the log is of another head than the change found: it is to be read on, and the change tried again.</summary>
internal sealed class LogBehindException : Exception;
