using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Verifier.Service.Hosting;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Verifier.Service.Health;

/// <summary>
/// <c>Verifier.Service health</c>: asks the service that runs beside it with the same settings. Images without a shell or other tools have
/// no other way to check their own health.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks once.</summary>
    /// <param name="settings">The settings of the service on its command line; those of files and the environment are read as ever.</param>
    /// <param name="output">Where the status goes.</param>
    /// <param name="error">Where anything but SERVING goes.</param>
    /// <returns>0 when it is SERVING, otherwise 1.</returns>
    /// <exception cref="ConfigurationFaultException">With these settings nobody can be asked.</exception>
    public static async Task<int> RunAsync(string[] settings, TextWriter output, TextWriter error)
    {
        ServerOptions options = VerifierApp.ReadServerOptions(settings);
        Uri address = AddressOf(options);
        using X509Certificate2? own = address.Scheme == Uri.UriSchemeHttps ? OwnCertificate(options.Tls) : null;
        try
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(own), DisposeHttpClient = true });
            HealthCheckResponse answer = await new HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: Deadline());
            if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
            {
                await output.WriteLineAsync("SERVING");
                return 0;
            }

            await error.WriteLineAsync("error: NOT_SERVING");
        }
        catch (RpcException e)
        {
            await error.WriteLineAsync($"error: {address.GetLeftPart(UriPartial.Authority)} does not answer ({e.StatusCode})");
        }

        return 1;
    }

    /// <summary>The probe port, which needs no TLS, or else the main listener.</summary>
    private static Uri AddressOf(ServerOptions options)
    {
        string setting = options.ProbePort is null ? "Server:Port" : "Server:ProbePort";
        int port = options.ProbePort ?? options.Port;
        string? fault = Endpoints.Parse(options.Address) is null ? "Server:Address: must be an IP address or *"
            : port is < 1 or > 65535 ? $"{setting}: must be the port where the service listens, 1 to 65535"
            : null;
        if (fault is not null)
        {
            throw new ConfigurationFaultException([fault]);
        }

        IPAddress listening = Endpoints.Parse(options.Address)!;
        bool isEverywhere = listening.Equals(IPAddress.IPv6Any) || listening.Equals(IPAddress.Any);
        bool isTls = options.ProbePort is null && options.Tls.IsConfigured;
        return new UriBuilder(isTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, (isEverywhere ? IPAddress.Loopback : listening).ToString(), port).Uri;
    }

    // The certificate is made out to a name under which nobody asks here, so it must be the very one of the file.
    private static SocketsHttpHandler Handler(X509Certificate2? own) => new()
    {
        UseProxy = false,
        ConnectTimeout = Patience,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => own is not null && shown is not null && own.RawDataMemory.Span.SequenceEqual(shown.GetRawCertData()) },
    };

    private static X509Certificate2 OwnCertificate(TlsOptions tls)
    {
        try
        {
            return X509Certificate2.CreateFromPem(File.ReadAllText(tls.CertificateFile ?? ""));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new ConfigurationFaultException([$"Server:Tls:CertificateFile: holds no certificate that can be read ({e.GetType().Name})"]);
        }
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + Patience;
}
