namespace Verifier.Service.Web;

/// <summary>JSON over HTTP and gRPC-Web, on a listener of their own. Section <c>Web</c>.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>TCP port for JSON and gRPC-Web, 0 to 65535; address and TLS are those of the service itself. Default: none.</summary>
    public int? Port { get; set; }

    /// <summary>Origins whose pages may call from a browser, such as <c>https://console.example.org</c>; exact. Default: none.</summary>
    public string[] AllowedOrigins { get; set; } = [];
}
