using Microsoft.Extensions.Options;

namespace Verifier.Service.Hosting;

/// <summary>
/// Holds the certificate in use and takes in changed files without a restart. Files are polled, not watched: secrets mounted by
/// an orchestrator change by a swapped link, which watchers miss.
/// </summary>
internal sealed class TlsReloader(IOptions<ServerOptions> options, TimeProvider clock, ILogger<TlsReloader> logger) : BackgroundService
{
    private readonly TlsOptions _tls = options.Value.Tls;
    private volatile TlsCertificate? _current;
    private volatile string? _refusedHash;

    public TlsCertificate Current => _current ??= Load();

    /// <summary>True while the files that there are now are refused.</summary>
    public bool IsRefused => _refusedHash is not null;

    /// <summary>Looks at the files once; a bad new certificate leaves the old one in use.</summary>
    public void Check()
    {
        string? hash = TlsCertificate.HashOfFiles(_tls);
        if (hash == Current.FilesHash || (hash is not null && hash == _refusedHash))
        {
            return;
        }

        if (TlsCertificate.TryLoad(_tls, out TlsCertificate? fresh, out string fault))
        {
            _current = fresh;
            _refusedHash = null;
            HostingLog.TlsReloaded(logger, fresh.NotAfter);
            return;
        }

        _refusedHash = hash;
        HostingLog.TlsReloadRefused(logger, fault);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_tls.IsConfigured)
        {
            return;
        }

        using PeriodicTimer timer = new(_tls.ReloadInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Check();
        }
    }

    private TlsCertificate Load() =>
        TlsCertificate.TryLoad(_tls, out TlsCertificate? certificate, out string fault) ? certificate : throw new ConfigurationFaultException([fault]);
}
