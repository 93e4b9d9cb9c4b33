using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Verifier.Service.Pipeline;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Web;

namespace Verifier.Service.Hosting;

/// <summary>Says at start where the service listens, and every unsafe switch that is on (T109).</summary>
internal sealed class StartupReport(
    IServer server,
    IConfiguration configuration,
    IOptions<TrustOptions> trust,
    IOptions<ServerOptions> options,
    IOptions<TelemetryOptions> telemetry,
    IOptions<TokenOptions> tokens,
    IOptions<WebOptions> web,
    ILogger<StartupReport> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (string setting in UnsafeSettings())
        {
            HostingLog.UnsafeSetting(logger, setting);
        }

        int wanted = options.Value.MaxConnections, connections = OpenFiles.Connections(wanted, OpenFiles.Limit);
        if (connections < wanted)
        {
            HostingLog.ConnectionsLowered(logger, connections, wanted, OpenFiles.Limit ?? 0);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // The addresses come in the order of the listeners: the service first, then the probes, the metrics, the keys of tokens, the web.
        Action<ILogger, string>?[] reports =
        [
            HostingLog.Listening,
            options.Value.ProbePort is null ? null : HostingLog.Probing,
            telemetry.Value.MetricsPort is null ? null : HostingLog.ServingMetrics,
            tokens.Value.Port is null ? null : HostingLog.PublishingKeys,
            web.Value.Port is null ? null : HostingLog.ServingWeb,
        ];
        IEnumerable<string> addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach ((string address, Action<ILogger, string> report) in addresses.Zip(reports.OfType<Action<ILogger, string>>()))
        {
            report(logger, address);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> UnsafeSettings()
    {
        foreach (int i in Enumerable.Range(0, trust.Value.UnsafeExtraRoots.Length))
        {
            yield return $"Trust:UnsafeExtraRoots:{i}";
        }

        IEnumerable<Setting> switches = SettingsSchema.Sections.SelectMany(SettingsSchema.Of)
            .Where(s => s.ValueType == typeof(bool) && s.Key[(s.Key.LastIndexOf(':') + 1)..].StartsWith("Unsafe", StringComparison.Ordinal));
        foreach (Setting setting in switches.Where(s => configuration.GetValue<bool>(s.Key)))
        {
            yield return setting.Key;
        }
    }
}
