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
    /// <exception cref="ArgumentException">An address is no https address, nor one of http that is allowed; or replicas are both listed and looked up.</exception>
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

        GrpcChannelOptions channel = new() { HttpHandler = handler, DisposeHttpClient = true };
        return Balancing.IsWanted(options) ? Balancing.Create(options, channel) : GrpcChannel.ForAddress(options.Address, channel);
    }

    private static void Demand(VerifierConnectionOptions options)
    {
        if (!options.Addresses.All(a => IsAllowed(a, options)))
        {
            throw new ArgumentException("The address must be https, or http on the loopback interface.", nameof(options));
        }

        if (options.Replicas.Any(a => a.Scheme != options.Address.Scheme))
        {
            throw new ArgumentException("All replicas must have the scheme of the address.", nameof(options));
        }

        if (options.Replicas.Count > 0 && options.ReplicasByName)
        {
            throw new ArgumentException("Replicas are listed or looked up, not both.", nameof(options));
        }
    }

    private static bool IsAllowed(Uri address, VerifierConnectionOptions options) => address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || options.UnsafePlaintext)));
}
