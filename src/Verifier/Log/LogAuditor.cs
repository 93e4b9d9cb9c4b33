using Microsoft.Extensions.Options;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>
/// Compares everything stored with the logs, again and again: a pass takes at most half of <see cref="LogOptions.AuditInterval"/>, and the next
/// begins half of it later, so that whatever is tampered with is found within the interval. A finding makes the tenant refused until a pass
/// finds nothing.
/// </summary>
internal sealed class LogAuditor(
    LogFollower follower, IChangeLog entries, ITenantContents contents, IOptions<LogOptions> options, TimeProvider clock, ILogger<LogAuditor> logger) : BackgroundService
{
    // Faster than this nothing is gained; slower only where there is much to look at.
    private const double ThingsPerSecond = 2000;

    private readonly TimeSpan _half = options.Value.AuditInterval / 2;

    /// <summary>One pass over one tenant.</summary>
    public async Task AuditAsync(TenantLog log, CancellationToken cancellation)
    {
        long things = 2 * (log.Current?.Size ?? 0);
        double speed = Math.Max(ThingsPerSecond, things / _half.TotalSeconds);
        long start = clock.GetTimestamp();
        long looked = 0;
        try
        {
            log.Audited(await new TenantAudit(log, entries, contents, PaceAsync).RunAsync(cancellation));
        }
        catch (StoreUnfitException e)
        {
            log.Audited(new LogFault(LogFault.Contradicted, $"audit: {e.Message}"));
        }
        catch (StoreUnavailableException)
        {
            // The next pass comes; who asks meanwhile is told that the store is away.
        }

        async Task PaceAsync(int count)
        {
            looked += count;
            TimeSpan early = TimeSpan.FromSeconds(looked / speed) - clock.GetElapsedTime(start);
            if (early > TimeSpan.FromMilliseconds(15))
            {
                await Task.Delay(early, clock, cancellation);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_half, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (TenantLog log in follower.Followed)
                {
                    await AuditSafelyAsync(log, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task AuditSafelyAsync(TenantLog log, CancellationToken cancellation)
    {
        try
        {
            await AuditAsync(log, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            logger.AuditFailed(log.Tenant, e);
        }
    }
}
