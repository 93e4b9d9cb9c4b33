using Microsoft.Extensions.Options;
using Verifier.Service.Storage;

namespace Verifier.Service.Tokens;

/// <summary>
/// The keys in use, from the configured files or from the one that the service made for itself. Files are polled, not watched: secrets
/// mounted by an orchestrator change by a swapped link, which watchers miss.
/// </summary>
internal sealed class TokenKeys : BackgroundService
{
    // What relying parties allow for the difference of clocks.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly TokenOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger<TokenKeys> _logger;
    private readonly string[] _files;
    private readonly string?[] _faults;
    private TokenKey?[] _slots;
    private volatile KeyRing _ring;

    public TokenKeys(IOptions<TokenOptions> options, IOptions<StoreOptions> store, TimeProvider clock, ILogger<TokenKeys> logger)
    {
        _options = options.Value;
        _clock = clock;
        _logger = logger;
        IsOn = _options.Issuer is not null || _options.Port is not null;
        _files = !IsOn ? [] : _options.KeyFiles.Length > 0 ? _options.KeyFiles : store.Value.UsesRedis ? [] : [OwnKey.Ensure(store.Value.DataDirectory)];
        _faults = new string?[_files.Length];
        _slots = [.. _files.Select(file => TokenKeyFile.Read(file).Key)];
        _ring = KeyRing.Start(new KeyRingTimes(_options.ActivationDelay, _options.Life + Skew), _slots);
    }

    /// <summary>True when an issuer is configured.</summary>
    public bool IsOn { get; }

    /// <summary>The key that signs now, or null.</summary>
    public TokenKey? Signer => _ring.SignerAt(_clock.GetUtcNow());

    /// <summary>The keys that relying parties must know now.</summary>
    public IReadOnlyList<TokenKey> Published => _ring.PublishedAt(_clock.GetUtcNow());

    /// <summary>Files that are refused as they stand.</summary>
    public int RefusedFiles => _faults.Count(f => f is not null);

    /// <summary>Looks at the files once. What cannot be read leaves the key of that file in use.</summary>
    public void Check()
    {
        TokenKey? before = Signer;
        _slots = [.. _files.Select(Slot)];
        _ring = _ring.Update(_slots, _clock.GetUtcNow());
        if (Signer is { } signer && signer.Id != before?.Id)
        {
            TokenLog.Signing(_logger, signer.Id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_files.Length == 0)
        {
            return;
        }

        if (Signer is { } signer)
        {
            TokenLog.Signing(_logger, signer.Id);
        }

        using PeriodicTimer timer = new(_options.ReloadInterval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Check();
        }
    }

    private TokenKey? Slot(string file, int index)
    {
        TokenKeyFile read = TokenKeyFile.Read(file);
        string? fault = read.IsAbsent ? null : read.Fault;
        if (fault is not null && fault != _faults[index])
        {
            TokenLog.KeyRefused(_logger, index, fault);
        }

        _faults[index] = fault;
        TokenKey? old = _slots[index];

        // The same key is kept as the same object, with what the signing library remembers of it.
        return fault is not null || read.Key?.Id == old?.Id ? old : read.Key;
    }
}
