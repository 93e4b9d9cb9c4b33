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

/// <summary>Wires logs, traces and metrics. They leave the process only when an OTLP endpoint is configured; a collector that is away has no effect.</summary>
internal static class TelemetryServices
{
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
        AddConsole(builder);

        TelemetryOptions options = builder.ReadSettings<TelemetryOptions>(TelemetryOptions.Section);
        if (options.OtlpEndpoint is not null || EndpointVariables.Any(v => !string.IsNullOrEmpty(builder.Configuration[v])))
        {
            AddOtlp(builder, options);
        }

        return builder;
    }

    // One event, one line of JSON with everything outside ASCII escaped: a log that cannot be forged by what is in it (T104).
    private static void AddConsole(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["Logging:Console:FormatterName"]))
        {
            builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
            builder.Services.Configure<JsonConsoleFormatterOptions>(json => json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        }
    }

    private static void AddOtlp(WebApplicationBuilder builder, TelemetryOptions options)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName, serviceVersion: typeof(TelemetryServices).Assembly.GetName().Version?.ToString(3)))
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(VerifierMetrics.MeterName, RpcMetrics.MeterName).AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .WithLogging();
        _ = options.OtlpEndpoint is { } endpoint && Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address)
            ? telemetry.UseOtlpExporter(OtlpExportProtocol.Grpc, address)
            : telemetry.UseOtlpExporter();
    }
}
