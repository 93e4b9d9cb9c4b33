using Microsoft.Extensions.Options;
using Verifier.Service.Registry;

namespace Verifier.Service.Kds;

/// <summary>
/// Leases, turns and pauses over all instances while the store can be asked, and this instance's own meanwhile. Its own turns and
/// pauses are noted always, so that losing the store never means asking faster than alone.
/// </summary>
internal sealed class FleetTurns(
    IKdsFleet fleet, IOptions<KdsOptions> options, KdsMetrics metrics, ILogger<FleetTurns> logger, [FromKeyedServices(KdsServices.NetworkClock)] TimeProvider clock)
{
    /// <summary>A holder that dies leaves its lease behind for no longer than this.</summary>
    public static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(15);

    private readonly LoneInstance _own = new(clock);
    private readonly string _holder = Guid.NewGuid().ToString("N");

    public TimeSpan Spacing { get; } = options.Value.Spacing;

    /// <summary>What is left of a pause that was demanded of this instance.</summary>
    public TimeSpan OwnPauseLeft => _own.PauseLeft;

    public Task<KdsLease> TryLeaseAsync(string key) =>
        OrAloneAsync(f => f.TryLeaseAsync(key, _holder, LeaseLife, CancellationToken.None));

    public Task RenewLeaseAsync(string key) => OrAloneAsync(f => AsResult(f.RenewLeaseAsync(key, LeaseLife, CancellationToken.None)));

    public Task EndLeaseAsync(string key, string? mark, TimeSpan life) => OrAloneAsync(f => AsResult(f.EndLeaseAsync(key, mark, life, CancellationToken.None)));

    /// <returns>Zero when a turn was taken; else how long until it is worth trying again, and whether that is a pause.</returns>
    public async Task<(TimeSpan Wait, bool IsPause)> TryTakeTurnAsync(KdsLane lane)
    {
        TimeSpan pause = await PauseLeftAsync();
        if (pause > TimeSpan.Zero)
        {
            return (pause, true);
        }

        if (Spacing == TimeSpan.Zero)
        {
            return (TimeSpan.Zero, false);
        }

        TimeSpan own = await _own.TryTakeTurnAsync(lane, Spacing, CancellationToken.None);
        return own > TimeSpan.Zero ? (own, false)
            : (await OrAsync(f => f.TryTakeTurnAsync(lane, Spacing, CancellationToken.None), () => Task.FromResult(TimeSpan.Zero)), false);
    }

    public async Task<TimeSpan> PauseLeftAsync()
    {
        TimeSpan own = await _own.PauseLeftAsync(CancellationToken.None);
        return own > TimeSpan.Zero ? own : await OrAloneAsync(f => f.PauseLeftAsync(CancellationToken.None));
    }

    public async Task PauseAsync(TimeSpan length)
    {
        await _own.PauseAsync(length, CancellationToken.None);
        await OrAloneAsync(f => AsResult(f.PauseAsync(length, CancellationToken.None)));
    }

    private Task<T> OrAloneAsync<T>(Func<IKdsFleet, Task<T>> call) => OrAsync(call, () => call(_own));

    private async Task<T> OrAsync<T>(Func<IKdsFleet, Task<T>> call, Func<Task<T>> alone)
    {
        try
        {
            return await call(fleet);
        }
        catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
        {
            metrics.WentAlone();
            logger.WentAlone(e);
            return await alone();
        }
    }

    private static async Task<bool> AsResult(Task task)
    {
        await task;
        return true;
    }
}
