using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Verifier.Service.Admission;
using Verifier.Service.Identity;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Web;

namespace Verifier.Service.Hosting;

/// <summary>The listeners and their limits.</summary>
internal static class Endpoints
{
    public static IPAddress? Parse(string address) => address == "*" ? IPAddress.IPv6Any : IPAddress.TryParse(address, out IPAddress? ip) ? ip : null;

    /// <summary>Whether only this machine can reach the service.</summary>
    public static bool IsLoopbackOnly(ServerOptions options) => Parse(options.Address) is { } address && IPAddress.IsLoopback(address);

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options, TokenOptions tokens, int? metricsPort, WebOptions web)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = false;
        SetLimits(kestrel.Limits, options);

        // The listeners of probes and metrics are for orchestrators, which must not be turned away when others flood.
        AdmissionMetrics refused = kestrel.ApplicationServices.GetRequiredService<AdmissionMetrics>();
        Listen(kestrel, options.Address, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            new ConnectionPeers(options.ConnectionsPerAddress, refused).Guard(listen);
            if (options.Tls.IsConfigured)
            {
                listen.UseHttps(TlsCallback(kestrel.ApplicationServices.GetRequiredService<TlsReloader>(), Authorities(options.Tls), SslApplicationProtocol.Http2));
            }
        });
        if (options.ProbePort is { } probePort)
        {
            Listen(kestrel, options.Address, probePort, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                ProbeListener.Mark(listen);
            });
        }

        if (metricsPort is { } port)
        {
            Listen(kestrel, options.Address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                MetricsListener.Mark(listen);
            });
        }

        if (tokens.Port is { } tokenPort)
        {
            Listen(kestrel, options.Address, tokenPort, listen =>
            {
                new ConnectionPeers(options.ConnectionsPerAddress, refused).Guard(listen);
                ConfigureKeys(listen, kestrel.ApplicationServices, options.Tls.IsConfigured);
            });
        }

        if (web.Port is { } webPort)
        {
            Listen(kestrel, options.Address, webPort, listen =>
            {
                new ConnectionPeers(options.ConnectionsPerAddress, refused).Guard(listen);
                ConfigureWeb(listen, kestrel.ApplicationServices, options.Tls);
            });
        }
    }

    private static void ConfigureWeb(ListenOptions listen, IServiceProvider services, TlsOptions tls)
    {
        listen.Protocols = tls.IsConfigured ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        if (tls.IsConfigured)
        {
            listen.UseHttps(TlsCallback(services.GetRequiredService<TlsReloader>(), Authorities(tls), SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        }

        WebListener.Mark(listen);
    }

    private static X509Certificate2Collection? Authorities(TlsOptions tls) => tls.ClientCaFile is { } file ? AuthorityFile.Read(file) : null;

    // Relying parties fetch keys with whatever HTTP client they have. Without TLS nothing tells HTTP/2 from HTTP/1.1.
    private static void ConfigureKeys(ListenOptions listen, IServiceProvider services, bool isTls)
    {
        listen.Protocols = isTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        if (isTls)
        {
            listen.UseHttps(TlsCallback(services.GetRequiredService<TlsReloader>(), null, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        }

        TokenListener.Mark(listen);
        services.GetRequiredService<TokenIssuer>().At(listen);
    }

    // All addresses means IPv4 alone where the host has no IPv6.
    private static void Listen(KestrelServerOptions kestrel, string address, int port, Action<ListenOptions> configure)
    {
        if (address == "*")
        {
            kestrel.ListenAnyIP(port, configure);
        }
        else
        {
            kestrel.Listen(Parse(address)!, port, configure);
        }
    }

    private static void SetLimits(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.Http2.MaxRequestHeaderFieldSize = options.MaxHeaderBytes;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyRate, TimeSpan.FromSeconds(5));
        limits.Http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
    }

    // With authorities, clients are asked for a certificate; one that none of them vouches for ends the handshake, none at all does not.
    private static TlsHandshakeCallbackOptions TlsCallback(TlsReloader certificates, X509Certificate2Collection? authorities, params SslApplicationProtocol[] protocols) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificates.Current.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [.. protocols],
            ClientCertificateRequired = authorities is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = authorities is null
                ? null
                : (_, shown, chain, _) => shown is null || (shown is X509Certificate2 certificate && ClientCertificates.IsVouchedFor(certificate, chain, authorities)),
        }),
    };
}
