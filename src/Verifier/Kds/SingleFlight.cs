namespace Verifier.Service.Kds;

/// <summary>
/// Lets the callers who want the same thing at the same time share one piece of work. The work belongs to none of them: a caller who
/// leaves does not end it.
/// </summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Task<TResult>> _flights = [];
    private readonly Lock _gate = new();

    /// <summary>Joins the flight of a key, or starts it.</summary>
    public Task<TResult> RunAsync(TKey key, Func<Task<TResult>> work)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(key, out Task<TResult>? flight))
            {
                return flight;
            }

            flight = Task.Run(() => FlyAsync(key, work));
            _flights.Add(key, flight);
            return flight;
        }
    }

    private async Task<TResult> FlyAsync(TKey key, Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            lock (_gate)
            {
                _flights.Remove(key);
            }
        }
    }
}
