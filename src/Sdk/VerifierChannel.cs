using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Verifier.Sdk;

/// <summary>Makes channels to a verifier service. Keep one for the life of the process.</summary>
public static class VerifierChannel
{
    /// <summary>Makes a channel; nothing is sent before the first call. No proxy is used: what is said is between this machine and the named one.</summary>
    /// <param name="options">Where the service is.</param>
    /// <returns>The channel.</returns>
    /// <exception cref="ArgumentException">The address is no https address, nor one of http that is allowed.</exception>
    public static GrpcChannel Create(VerifierConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Demand(options);
        SocketsHttpHandler handler = new() { UseProxy = false, ConnectTimeout = options.ConnectTimeout };
        if (options.CertificateAuthorities is { } authorities)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (options.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, options.ClientCertificateChain ?? [], offline: true);
        }

        return GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }

    private static void Demand(VerifierConnectionOptions options)
    {
        Uri address = options.Address;
        bool isAllowed = address.IsAbsoluteUri
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || options.UnsafePlaintext)));
        if (!isAllowed)
        {
            throw new ArgumentException("The address must be https, or http on the loopback interface.", nameof(options));
        }
    }
}
