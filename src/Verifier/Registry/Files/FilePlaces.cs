using Microsoft.Extensions.Options;

namespace Verifier.Service.Registry.Files;

/// <summary>Only so many files are in the house at a time, whatever they are.</summary>
internal sealed class FilePlaces : IDisposable
{
    private readonly SemaphoreSlim _places;

    public FilePlaces(IOptions<RegistryOptions> options)
    {
        MaxFileBytes = options.Value.Igvm.MaxFileBytes;
        _places = new SemaphoreSlim(options.Value.Igvm.MaxAtOnce);
    }

    /// <summary>Most bytes of one registration, all its files together.</summary>
    public int MaxFileBytes { get; }

    /// <summary>A place for one registration, to be given back by disposing it; null when all are taken.</summary>
    public IDisposable? TryEnter() => _places.Wait(0, CancellationToken.None) ? new Place(_places) : null;

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
