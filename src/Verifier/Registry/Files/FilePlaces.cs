using Microsoft.Extensions.Options;

namespace Verifier.Service.Registry.Files;

/// <summary>
/// Only so many files are in the house at a time, whatever they are; and one place is always kept for another tenant, where there is more
/// than one, so that whoever registers without end does not keep the others from it.
/// </summary>
internal sealed class FilePlaces(IOptions<RegistryOptions> options)
{
    private readonly int _most = options.Value.Igvm.MaxAtOnce;
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _taken;

    /// <summary>Most bytes of one registration, all its files together.</summary>
    public int MaxFileBytes { get; } = options.Value.Igvm.MaxFileBytes;

    /// <summary>A place for one registration, to be given back by disposing it; null when there is none for this tenant.</summary>
    public IDisposable? TryEnter(string tenant)
    {
        lock (_lock)
        {
            int has = _tenants.GetValueOrDefault(tenant);
            if (_taken >= _most || has >= Math.Max(1, _most - 1))
            {
                return null;
            }

            _tenants[tenant] = has + 1;
            _taken++;
            return new Place(this, tenant);
        }
    }

    private void Leave(string tenant)
    {
        lock (_lock)
        {
            _taken--;
            if (--_tenants[tenant] == 0)
            {
                _tenants.Remove(tenant);
            }
        }
    }

    private sealed class Place(FilePlaces places, string tenant) : IDisposable
    {
        private FilePlaces? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Leave(tenant);
    }
}
