namespace Verifier.Service.Kds;

/// <summary>How the key service did of late: what the named health service <c>kds</c> tells. Never a part of readiness.</summary>
internal sealed class KdsStatus(TimeProvider clock)
{
    private volatile Snapshot _last = new(null, null, null);

    /// <summary>The state as it is now.</summary>
    public Snapshot Last => _last;

    public void Succeeded() => _last = _last with { LastSuccess = clock.GetUtcNow(), FailingReason = null };

    public void Failed(string reason) => _last = _last with { LastFailure = clock.GetUtcNow(), FailingReason = reason };

    /// <summary>Times of the last good and the last bad answer, and the reason while the last one was bad.</summary>
    internal sealed record Snapshot(DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? FailingReason)
    {
        public bool IsHealthy => FailingReason is null;
    }
}
