using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Verifier.Service.Admission;
using Verifier.Service.Health;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Web;

namespace Verifier.Service.Hosting;

/// <summary>Wires listeners, start-up report and drain.</summary>
internal static class HostingServices
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ServerOptions>(ServerOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        builder.Services.AddSingleton<TlsReloader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TlsReloader>());
        builder.Services.AddSingleton<IGauges, TlsGauges>();
        builder.Services.AddSingleton<IGauges, HealthGauges>();
        builder.Services.AddHostedService<StartupReport>();
        builder.Services.AddHostedService<SelfTestService>();
        builder.Services.AddHostedService<StoreProbe>();
        builder.Services.AddSingleton<DrainSignal>();
        builder.Services.AddHostedService<DrainService>();
        ServerOptions options = builder.ReadSettings<ServerOptions>(ServerOptions.Section);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = options.DrainDelay + options.DrainTimeout;

            // A defect in what looks after certificates or probes the store is logged; it must not take verification down with it.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        TokenOptions tokens = builder.ReadSettings<TokenOptions>(TokenOptions.Section);
        TelemetryOptions telemetry = builder.ReadSettings<TelemetryOptions>(TelemetryOptions.Section);
        WebOptions web = builder.ReadSettings<WebOptions>(WebOptions.Section);
        options.MaxConnections = OpenFiles.Connections(options.MaxConnections, OpenFiles.Limit);

        // Of several factories and transports the server takes the last.
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, WideBlocks>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new BoundedTransport(
            ActivatorUtilities.CreateInstance<SocketTransportFactory>(services),
            options.MaxConnections + OpenFiles.Undecided,
            OpenFiles.OfListener,
            services.GetRequiredService<AdmissionMetrics>()));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The server is made before options are validated; what is wrong is told then, together with all other faults.
            if (new ServerOptionsValidator().Validate(null, options).Succeeded
                && !TokenOptionsValidator.Faults(tokens, options).Any()
                && !TelemetryOptionsValidator.Faults(telemetry, options, tokens).Any()
                && !WebOptionsValidator.Faults(web, options, tokens, telemetry).Any())
            {
                Endpoints.Configure(kestrel, options, tokens, telemetry.MetricsPort, web);
            }
        });
        return builder;
    }
}
