namespace Verifier.Service.Log;

/// <summary>When the end of a log was last read, and when an audit of it last found nothing.</summary>
internal sealed class LogAges(TimeProvider clock)
{
    private readonly long _since = clock.GetTimestamp();
    private long _readAt;
    private long _auditedAt;

    /// <summary>How long ago the end of the log was last read; as long as the clock goes back where it never was.</summary>
    public TimeSpan Read => clock.GetElapsedTime(Interlocked.Read(ref _readAt));

    /// <summary>The same for the figures; before the first time, how long it is followed.</summary>
    public TimeSpan ReadShown => Shown(ref _readAt);

    /// <summary>How long ago an audit last found nothing; before the first, how long it is followed.</summary>
    public TimeSpan AuditShown => Shown(ref _auditedAt);

    public void WasRead() => Interlocked.Exchange(ref _readAt, clock.GetTimestamp());

    public void WasAudited() => Interlocked.Exchange(ref _auditedAt, clock.GetTimestamp());

    private TimeSpan Shown(ref long timestamp)
    {
        long at = Interlocked.Read(ref timestamp);
        return clock.GetElapsedTime(at == 0 ? _since : at);
    }
}
