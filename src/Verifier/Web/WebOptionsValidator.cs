using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;

namespace Verifier.Service.Web;

/// <summary>What must hold of <see cref="WebOptions"/> before the service starts. Plaintext off loopback is a matter of <see cref="ServerOptions"/>.</summary>
internal sealed class WebOptionsValidator(IConfiguration configuration) : IValidateOptions<WebOptions>
{
    private const int MostOrigins = 32;

    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        // Not the validated options: their faults are told by their own validators.
        ServerOptions server = configuration.GetSection(ServerOptions.Section).Get<ServerOptions>() ?? new ServerOptions();
        TokenOptions tokens = configuration.GetSection(TokenOptions.Section).Get<TokenOptions>() ?? new TokenOptions();
        TelemetryOptions telemetry = configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        string[] faults = [.. Faults(options, server, tokens, telemetry)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static IEnumerable<string> Faults(WebOptions o, ServerOptions server, TokenOptions tokens, TelemetryOptions telemetry)
    {
        if (o.Port is < 0 or > 65535)
        {
            yield return "Web:Port: must be 0 to 65535";
        }

        if (o.Port is > 0 && (o.Port == server.Port || o.Port == server.ProbePort || o.Port == tokens.Port || o.Port == telemetry.MetricsPort))
        {
            yield return "Web:Port: must differ from Server:Port, Server:ProbePort, Tokens:Port and Telemetry:MetricsPort";
        }

        if (o.AllowedOrigins.Length > 0 && o.Port is null)
        {
            yield return "Web:AllowedOrigins: has no meaning without Web:Port";
        }

        if (o.AllowedOrigins.Length > MostOrigins)
        {
            yield return $"Web:AllowedOrigins: must be at most {MostOrigins}";
        }

        foreach ((int i, string origin) in o.AllowedOrigins.Index().Where(o => !IsOrigin(o.Item)))
        {
            yield return origin.Contains('*', StringComparison.Ordinal)
                ? $"Web:AllowedOrigins:{i}: must be one exact origin, there are no wildcards"
                : $"Web:AllowedOrigins:{i}: must be an origin as browsers send it, such as https://console.example.org; http on loopback only";
        }
    }

    // Exactly as a browser writes it, since it is compared character by character.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && text == $"{uri.Scheme}://{uri.IdnHostInUrl()}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
}

/// <summary>The host of an address as it stands in an origin.</summary>
file static class UriExtensions
{
    public static string IdnHostInUrl(this Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
}
