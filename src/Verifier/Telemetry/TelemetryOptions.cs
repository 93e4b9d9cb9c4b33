namespace Verifier.Service.Telemetry;

/// <summary>Where traces, metrics and logs go. Section <c>Telemetry</c>.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>OTLP endpoint, http or https (gRPC protocol). Default: none, or what OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Name of the service in what is sent, 1 to 63 of [A-Za-z0-9._-]. Default: <c>verifier</c>.</summary>
    public string ServiceName { get; set; } = "verifier";

    /// <summary>TCP port of a plaintext listener that serves <c>/metrics</c> to Prometheus and nothing else, 0 to 65535. Default: none.</summary>
    public int? MetricsPort { get; set; }

    /// <summary>Tenants that have a label of their own in metrics, 0 to 200; all others share <c>_other</c>. Default: 50.</summary>
    public int MaxTenants { get; set; } = 50;
}
