using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Verifier.Service.Hosting;

namespace Verifier.Service.Telemetry;

/// <summary>Wires logs, traces and metrics. They leave the process only where an OTLP endpoint is configured, and metrics where a port to scrape them at is; a collector that is away has no effect.</summary>
internal static class TelemetryServices
{
    /// <summary>Connections, those that were refused, and handshakes.</summary>
    private const string KestrelMeter = "Microsoft.AspNetCore.Server.Kestrel";

    /// <summary>The standard variables that name an endpoint.</summary>
    private static readonly string[] EndpointVariables =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        builder.Services.TryAddSingleton<VerifierMetrics>();
        builder.Services.TryAddSingleton<RpcMetrics>();
        builder.Services.TryAddSingleton<TenantLabels>();
        builder.Services.TryAddSingleton<VerdictMetrics>();
        builder.Services.TryAddSingleton<CallMetrics>();
        builder.Services.TryAddSingleton<ChallengeMetrics>();
        builder.Services.TryAddSingleton<Stages>();
        builder.Services.AddSingleton<IStartsAtZero>(s => s.GetRequiredService<VerifierMetrics>());
        builder.Services.AddSingleton<IStartsAtZero>(s => s.GetRequiredService<CallMetrics>());
        builder.Services.AddSingleton<IStartsAtZero>(s => s.GetRequiredService<ChallengeMetrics>());
        builder.Services.AddSingleton<IGauges, BuildGauges>();
        builder.Services.AddHostedService<InstrumentStart>();
        AddConsole(builder);

        TelemetryOptions options = builder.ReadSettings<TelemetryOptions>(TelemetryOptions.Section);
        bool isSent = options.OtlpEndpoint is not null || EndpointVariables.Any(v => !string.IsNullOrEmpty(builder.Configuration[v]));
        if (isSent || options.MetricsPort is not null)
        {
            AddExporters(builder, options, isSent);
        }

        return builder;
    }

    // One event, one line of JSON with everything outside ASCII escaped: a log that cannot be forged by what is in it (T104).
    // Where nobody reads it, lines are dropped and counted in a line, and no answer waits (F41).
    private static void AddConsole(WebApplicationBuilder builder)
    {
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        if (string.IsNullOrEmpty(builder.Configuration["Logging:Console:FormatterName"]))
        {
            builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
            builder.Services.Configure<JsonConsoleFormatterOptions>(json => json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        }
    }

    private static void AddExporters(WebApplicationBuilder builder, TelemetryOptions options, bool isSent)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName, serviceVersion: BuildGauges.Version))
            .WithMetrics(metrics => AddMeters(metrics, options));
        if (!isSent)
        {
            return;
        }

        telemetry
            .WithTracing(tracing => tracing.AddSource(Stages.SourceName)
                .AddAspNetCoreInstrumentation(rpc => rpc.Filter = context => !MetricsListener.IsAskedBy(context))
                .AddHttpClientInstrumentation())
            .WithLogging();
        _ = options.OtlpEndpoint is { } endpoint && Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address)
            ? telemetry.UseOtlpExporter(OtlpExportProtocol.Grpc, address)
            : telemetry.UseOtlpExporter();
    }

    private static void AddMeters(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddMeter(VerifierMetrics.MeterName, RpcMetrics.MeterName, KestrelMeter)
            .AddView(VerdictMetrics.VerdictsName, new MetricStreamConfiguration { CardinalityLimit = (options.MaxTenants + 2) * VerdictMetrics.MostPerTenant })
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation();
        if (options.MetricsPort is not null)
        {
            // Names are told apart without the scope.
            metrics.AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false);
        }
    }
}
