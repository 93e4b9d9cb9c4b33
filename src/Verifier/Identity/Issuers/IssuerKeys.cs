namespace Verifier.Service.Identity.Issuers;

/// <summary>
/// One issuer's keys, kept in memory. Fetched when first needed and again in the background once they are ten minutes old, by one
/// caller for all. A key that is not there is looked for once a minute at most, so that made-up key ids cost the issuer nothing. Keys
/// that could not be fetched again for a day are no longer taken.
/// </summary>
internal sealed class IssuerKeys(string issuer, IKeySource source, TimeProvider clock, ILogger logger) : IIssuerKeys
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Usable = TimeSpan.FromHours(24);
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenFirstTries = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private KeySet? _keys;
    private long _fetchedAt;
    private long? _triedAt;
    private bool _failed;
    private Task? _flight;

    public async Task<KeyLookup> FindAsync(string keyId, CancellationToken cancellation)
    {
        Task flight;
        lock (_gate)
        {
            if (Current?.Find(keyId) is { } known)
            {
                if (clock.GetElapsedTime(_fetchedAt) > Fresh && UntilNextTry == TimeSpan.Zero)
                {
                    _ = Fly();
                }

                return new KeyLookup.Found(known);
            }

            if (_flight is null && UntilNextTry > TimeSpan.Zero)
            {
                return Missing();
            }

            flight = Fly();
        }

        await flight.WaitAsync(cancellation);
        lock (_gate)
        {
            return Current?.Find(keyId) is { } found ? new KeyLookup.Found(found) : Missing();
        }
    }

    private KeySet? Current => _keys is not null && clock.GetElapsedTime(_fetchedAt) < Usable ? _keys : null;

    private TimeSpan UntilNextTry
    {
        get
        {
            TimeSpan pause = Current is null ? BetweenFirstTries : BetweenRefreshes;
            TimeSpan waited = _triedAt is { } tried ? clock.GetElapsedTime(tried) : pause;
            return waited >= pause ? TimeSpan.Zero : pause - waited;
        }
    }

    // While the issuer cannot be asked, a key that is not at hand may be its newest.
    private KeyLookup Missing() => _failed || Current is null
        ? new KeyLookup.Unavailable(UntilNextTry > TimeSpan.Zero ? UntilNextTry : BetweenFirstTries)
        : new KeyLookup.Unknown();

    private Task Fly()
    {
        if (_flight is null)
        {
            _triedAt = clock.GetTimestamp();
            _flight = Task.Run(FetchAsync);
        }

        return _flight;
    }

    private async Task FetchAsync()
    {
        KeyFetch fetch = KeyFetch.Failed("Defect");
        try
        {
            fetch = await source.FetchAsync();
        }
        finally
        {
            lock (_gate)
            {
                _flight = null;
                _failed = fetch.Keys is null;
                _keys = fetch.Keys ?? _keys;
                _fetchedAt = fetch.Keys is null ? _fetchedAt : clock.GetTimestamp();
            }
        }

        if (fetch.Keys is null)
        {
            IdentityLog.KeysUnavailable(logger, issuer, fetch.Fault);
        }
        else
        {
            IdentityLog.KeysFetched(logger, issuer, fetch.Keys.Count);
        }
    }
}

/// <summary>Where an issuer's keys come from; a failure is an answer.</summary>
internal interface IKeySource
{
    Task<KeyFetch> FetchAsync();
}

/// <summary>The keys, or a name from a closed list for why there are none.</summary>
internal sealed record KeyFetch(KeySet? Keys, string Fault)
{
    public static KeyFetch Failed(string fault) => new(null, fault);
}
