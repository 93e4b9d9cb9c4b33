using System.Collections.Concurrent;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>Follows the logs of all tenants that were asked for, every second and whenever somebody needs the newest.</summary>
internal sealed class LogFollower(FollowerParts parts) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TenantLog> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    public IEnumerable<TenantLog> Followed => _tenants.Values;

    /// <summary>The log of a tenant that exists; it is followed from now on.</summary>
    public TenantLog Of(string tenant) => _tenants.GetOrAdd(tenant, t => new TenantLog(t, parts));

    public bool Follows(string tenant) => _tenants.ContainsKey(tenant);

    public override void Dispose()
    {
        base.Dispose();
        foreach (TenantLog log in _tenants.Values)
        {
            log.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Of(ReferenceNames.DefaultTenant);
        Dictionary<string, Task> running = new(StringComparer.Ordinal);
        using PeriodicTimer timer = new(Period, parts.Clock);
        try
        {
            do
            {
                // Each by itself: a tenant whose log takes long to read must not hold up the others.
                foreach (TenantLog log in _tenants.Values.Where(t => !running.TryGetValue(t.Tenant, out Task? last) || last.IsCompleted))
                {
                    running[log.Tenant] = FollowAsync(log, stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }

        await Task.WhenAll(running.Values);
    }

    private async Task FollowAsync(TenantLog log, CancellationToken cancellation)
    {
        try
        {
            await log.CatchUpAsync(cancellation);
            log.Save();
            _told.TryRemove(log.Tenant, out _);
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
        {
            Tell(log.Tenant, e.Message, () => parts.Logger.LogUnreadable(log.Tenant, e.Message));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception e)
        {
            // Ours or a package's; it must not end the service, and callers are refused while the log cannot be followed.
            Tell(log.Tenant, e.Message, () => parts.Logger.FollowingFailed(log.Tenant, e));
        }
    }

    /// <summary>Says a thing once, not every second.</summary>
    private void Tell(string tenant, string what, Action say)
    {
        if (!_told.TryGetValue(tenant, out string? last) || last != what)
        {
            _told[tenant] = what;
            say();
        }
    }
}
