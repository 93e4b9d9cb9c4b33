using System.Collections.Concurrent;
using Verifier.Service.Log;
using Verifier.Service.Policies;

namespace Verifier.Service.Documents;

/// <summary>What a call is decided by, of one tenant, as it was read in one go.</summary>
/// <param name="BeganAt">When the reading began, a timestamp of the clock.</param>
/// <param name="LogPosition">How far the tenant's log was known before.</param>
/// <param name="Settings">The tenant's settings; null when it has none.</param>
/// <param name="Policy">The policy in force; null when it has none of its own.</param>
internal sealed record TenantDocuments(long BeganAt, long LogPosition, StoredDocument? Settings, StoredDocument? Policy);

/// <summary>
/// Reads what calls are decided by once for all that need it. A reading serves every call that had begun before it, so that whatever was
/// acknowledged before a call is known to it, as if it had read for itself; one that is under way when a call comes does not serve it.
/// </summary>
internal sealed class TenantReader(IDocumentStore documents, ILogGuard guard, TimeProvider clock)
{
    // How long the end of a reading is waited for, to begin the next one for all who came meanwhile. One that hangs holds nobody up longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    // Callers name tenants: what is kept for those that do not exist must not grow.
    private const int MostKept = 1000;

    private static readonly (DocumentKind Kind, string Id)[] Names = [(DocumentKind.Settings, DocumentIds.Settings), (DocumentKind.Policy, PolicyNames.InForce)];

    private readonly ConcurrentDictionary<string, Readings> _tenants = new(StringComparer.Ordinal);
    private long _now;

    /// <summary>How many tenants readings are kept of.</summary>
    public int Kept => _tenants.Count;

    /// <summary>A moment to give to <see cref="ReadAsync"/>. Counted and not timed: a clock has no two moments between two of its ticks.</summary>
    public long Now => Interlocked.Increment(ref _now);

    /// <summary>What was read since a moment, by whomever.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="since">When the call began that is to be decided, of <see cref="Now"/>.</param>
    /// <param name="cancellation">Ends the wait, not the reading.</param>
    public Task<TenantDocuments> ReadAsync(string tenant, long since, CancellationToken cancellation)
    {
        // To count them takes every lock of the map.
        if (!_tenants.TryGetValue(tenant, out Readings? readings))
        {
            if (_tenants.Count >= MostKept)
            {
                _tenants.Clear();
            }

            readings = _tenants.GetOrAdd(tenant, static (t, reader) => new Readings(reader, t), this);
        }

        Task<TenantDocuments> reading = readings.Since(since);
        return reading.IsCompleted ? reading : reading.WaitAsync(cancellation);
    }

    private long Timestamp => clock.GetTimestamp();

    private TimeSpan Age(long timestamp) => clock.GetElapsedTime(timestamp);

    private Task ShortlyAsync(Task task) => task.WaitAsync(LongestWait, clock);

    private async Task<TenantDocuments> LoadAsync(string tenant)
    {
        (long began, long position) = (clock.GetTimestamp(), guard.PositionOf(tenant));
        IReadOnlyList<StoredDocument?> found = await documents.GetManyAsync(tenant, Names, CancellationToken.None);
        return new TenantDocuments(began, position, found[0], found[1]);
    }

    /// <summary>The readings of one tenant: the last, and at most one that waits for it to end.</summary>
    private sealed class Readings(TenantReader reader, string tenant)
    {
        private readonly Lock _gate = new();
        private Reading? _last;
        private Task<TenantDocuments>? _next;

        public Task<TenantDocuments> Since(long since)
        {
            lock (_gate)
            {
                if (_last is { } last && last.Moment > since && (!last.Task.IsCompleted || last.Task.IsCompletedSuccessfully))
                {
                    return last.Task;
                }

                if (_last is null or { Task.IsCompleted: true } || reader.Age(_last.At) >= LongestWait)
                {
                    _last = Begin();
                    return _last.Task;
                }

                // It begins when the one that is under way has ended, and so after this call.
                return _next ??= NextAsync(_last.Task);
            }
        }

        private async Task<TenantDocuments> NextAsync(Task before)
        {
            await reader.ShortlyAsync(before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            Task<TenantDocuments> reading;
            lock (_gate)
            {
                _last = Begin();
                _next = null;
                reading = _last.Task;
            }

            return await reading;
        }

        // Nobody need be waiting for it any more when it fails.
        private Reading Begin()
        {
            Reading begun = new(reader.Now, reader.Timestamp, reader.LoadAsync(tenant));
            _ = begun.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return begun;
        }

        private sealed record Reading(long Moment, long At, Task<TenantDocuments> Task);
    }
}
