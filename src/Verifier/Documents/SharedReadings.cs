using System.Collections.Concurrent;

namespace Verifier.Service.Documents;

/// <summary>The last reading of each of many things, for all calls that it serves: see <see cref="Moments"/>.</summary>
/// <param name="load">Reads; it is never cancelled, and ends by itself.</param>
/// <param name="moments">Tells which reading serves whom.</param>
internal sealed class SharedReadings<TKey, T>(Func<TKey, Task<T>> load, Moments moments)
    where TKey : notnull
{
    // Callers name what is to be read: what is kept of things that nobody asks about any more, or that do not exist, must not grow.
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<TKey, Readings> _kept = new();

    /// <summary>How many things readings are kept of.</summary>
    public int Kept => _kept.Count;

    /// <summary>What was read by whomever, and serves a call.</summary>
    /// <param name="key">What is to be read.</param>
    /// <param name="call">When the call began that is to be decided.</param>
    /// <param name="cancellation">Ends the wait, not the reading.</param>
    public Task<T> ReadAsync(TKey key, Moment call, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        // To count them takes every lock of the map.
        if (!_kept.TryGetValue(key, out Readings? readings))
        {
            if (_kept.Count >= MostKept)
            {
                _kept.Clear();
            }

            readings = _kept.GetOrAdd(key, static _ => new());
        }

        Task<T> reading = For(readings, key, call);
        return reading.IsCompleted ? reading : reading.WaitAsync(cancellation);
    }

    private Task<T> For(Readings readings, TKey key, Moment call)
    {
        Reading mine;
        lock (readings.Gate)
        {
            if (readings.Last is { End.Task.IsFaulted: false } last && moments.Serves(last.Began, call))
            {
                return last.End.Task;
            }

            mine = readings.Last = new Reading(moments.Now());
        }

        // Not under the lock: what is asked is written to a connection first.
        _ = RunAsync(key, mine.End);
        return mine.End.Task;
    }

    private async Task RunAsync(TKey key, TaskCompletionSource<T> end)
    {
        try
        {
            end.SetResult(await load(key));
        }
        catch (Exception e)
        {
            // Nobody need be waiting for it any more.
            end.SetException(e);
            _ = end.Task.Exception;
        }
    }

    private sealed class Readings
    {
        public Lock Gate { get; } = new();

        public Reading? Last { get; set; }
    }

    private sealed class Reading(Moment began)
    {
        public Moment Began => began;

        // Who waits goes on at once where the answer came. Handed to the pool of threads they would come among whatever else waits there: under more load than
        // the service can do, some fewer were served, and refusals came a quarter later (docs/performance.md).
        public TaskCompletionSource<T> End { get; } = new();
    }
}
