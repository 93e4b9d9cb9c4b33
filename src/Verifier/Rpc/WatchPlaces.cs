using Microsoft.Extensions.Options;
using Verifier.Service.Registry;

namespace Verifier.Service.Rpc;

/// <summary>As many watchers as there are places.</summary>
internal sealed class WatchPlaces(IOptions<RegistryOptions> options)
{
    private readonly int _places = options.Value.MaxWatchers;
    private int _taken;

    /// <summary>Null: none is free.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= _places)
        {
            return new Place(this);
        }

        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Place(WatchPlaces places) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref places._taken);
    }
}
