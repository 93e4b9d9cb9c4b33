namespace Verifier.Service.Documents;

/// <summary>Readings of one thing, each for all whom it serves: see <see cref="Moments"/>.</summary>
/// <param name="load">Reads; it is never cancelled, and ends by itself.</param>
/// <param name="moments">Tells which reading serves whom.</param>
internal sealed class SharedReadings<T>(Func<Task<T>> load, Moments moments)
{
    private readonly Lock _gate = new();
    private Reading? _last;

    /// <summary>The last reading, or a new one where that does not serve this call.</summary>
    /// <param name="call">When the call began.</param>
    public Task<T> For(Moment call)
    {
        Reading mine;
        lock (_gate)
        {
            if (_last is { Task.IsFaulted: false } last && moments.Serves(last.Began, call))
            {
                return last.Task;
            }

            mine = _last = new Reading(moments.Now());
        }

        // Not under the lock: what is asked is written to a connection first.
        _ = RunAsync(mine);
        return mine.Task;
    }

    private async Task RunAsync(Reading reading)
    {
        try
        {
            reading.End(await load());
        }
        catch (Exception e)
        {
            reading.Fail(e);
        }
    }

    /// <summary>One reading.</summary>
    private sealed class Reading(Moment began)
    {
        // Many may wait for it, each with work of its own to go on with: at the same time, and not one after the other.
        private readonly TaskCompletionSource<T> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Moment Began => began;

        public Task<T> Task => _end.Task;

        public void End(T value) => _end.SetResult(value);

        // Nobody need be waiting for it any more.
        public void Fail(Exception fault)
        {
            _end.SetException(fault);
            _ = _end.Task.Exception;
        }
    }
}
