using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Tokens;

namespace Verifier.Service.Telemetry;

/// <summary>What must hold of <see cref="TelemetryOptions"/> before the service starts.</summary>
internal sealed class TelemetryOptionsValidator(IConfiguration configuration) : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        // Not the validated options: their faults are told by their own validators.
        string[] faults =
        [
            .. Faults(
                options,
                configuration.GetSection(ServerOptions.Section).Get<ServerOptions>() ?? new ServerOptions(),
                configuration.GetSection(TokenOptions.Section).Get<TokenOptions>() ?? new TokenOptions()),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static IEnumerable<string> Faults(TelemetryOptions options, ServerOptions server, TokenOptions tokens)
    {
        (bool Broken, string Fault)[] rules =
        [
            (options.OtlpEndpoint is { } endpoint && !IsHttp(endpoint), "Telemetry:OtlpEndpoint: must be an http or https address"),
            (options.ServiceName.Length is < 1 or > 63 || !options.ServiceName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'),
                "Telemetry:ServiceName: must be 1 to 63 of [A-Za-z0-9._-]"),
            (options.MetricsPort is < 0 or > 65535, "Telemetry:MetricsPort: must be 0 to 65535"),
            (options.MetricsPort is > 0 && (options.MetricsPort == server.Port || options.MetricsPort == server.ProbePort || options.MetricsPort == tokens.Port),
                "Telemetry:MetricsPort: must differ from Server:Port, Server:ProbePort and Tokens:Port"),
            (options.MaxTenants is < 0 or > 200, "Telemetry:MaxTenants: must be 0 to 200"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Fault);
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
