using Microsoft.Extensions.Options;

namespace Verifier.Service.Telemetry;

/// <summary>Where traces, metrics and logs go. Section <c>Telemetry</c>.</summary>
internal sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>OTLP endpoint, http or https (gRPC protocol). Default: none, or what OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>Name of the service in what is sent, 1 to 63 of [A-Za-z0-9._-]. Default: <c>verifier</c>.</summary>
    public string ServiceName { get; set; } = "verifier";
}

/// <summary>What must hold of <see cref="TelemetryOptions"/> before the service starts.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        (bool Broken, string Fault)[] rules =
        [
            (options.OtlpEndpoint is { } endpoint && !IsHttp(endpoint), "Telemetry:OtlpEndpoint: must be an http or https address"),
            (options.ServiceName.Length is < 1 or > 63 || !options.ServiceName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'),
                "Telemetry:ServiceName: must be 1 to 63 of [A-Za-z0-9._-]"),
        ];
        string[] faults = [.. rules.Where(r => r.Broken).Select(r => r.Fault)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
