namespace Verifier.Service.Kds;

/// <summary>
/// Lets the callers who want the same thing at the same time share one piece of work. The work belongs to none of them: a caller who
/// leaves does not end it.
/// </summary>
internal sealed class SingleFlight<TKey, TState, TResult>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Flight> _flights = [];
    private readonly Lock _gate = new();

    /// <summary>Joins the flight of a key, or starts it.</summary>
    /// <param name="key">What is wanted.</param>
    /// <param name="state">Makes what the work and all who wait for it share.</param>
    /// <param name="work">Does it.</param>
    public Flight Join(TKey key, Func<TState> state, Func<TState, Task<TResult>> work)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(key, out Flight? flight))
            {
                return flight;
            }

            TState made = state();
            flight = new Flight(made, Task.Run(() => FlyAsync(key, () => work(made))));
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

    /// <summary>Work that is under way.</summary>
    public sealed record Flight(TState State, Task<TResult> Result);
}
