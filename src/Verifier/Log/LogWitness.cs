using Verifier.Ledger;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Log;

/// <summary>The follower as a witness of changes that are about to be signed.</summary>
internal sealed class LogWitness(LogFollower follower, VerifierMetrics metrics, ILogger<LogWitness> logger) : ILogWitness
{
    private static readonly TimeSpan LoadWait = TimeSpan.FromSeconds(2);

    public bool Allows(string tenant, ReadOnlySpan<byte> head, LogEntry entry)
    {
        TenantLog log = follower.Of(tenant);
        if (log.Fault is { } fault)
        {
            throw new LogRefusedException(tenant, fault);
        }

        if (log.Current is not { } state || state.Broken(head, entry) is not { } broken)
        {
            return false;
        }

        if (broken.Rule == ReplayRule.None)
        {
            return true;
        }

        LogFault contradicted = new(LogFault.Contradicted, $"a change of {entry.Resource} begins from what the log does not say: {broken}");
        metrics.LogAlarm(contradicted.Reason);
        logger.RecordContradictsLog(tenant, entry.Resource);
        throw new LogRefusedException(tenant, contradicted);
    }

    public async Task CatchUpAsync(string tenant, CancellationToken cancellation)
    {
        try
        {
            // The reading goes on when the caller leaves: others wait for it too.
            await follower.Of(tenant).CatchUpAsync(CancellationToken.None).WaitAsync(LoadWait, cancellation);
        }
        catch (TimeoutException)
        {
            throw new LogNotLoadedException(tenant);
        }
    }
}
