using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;

namespace Verifier.Sdk;

/// <summary>Spreads calls over replicas. A connection of HTTP/2 stays with one of them, so whoever calls has to do it.</summary>
internal static class Balancing
{
    private static readonly TimeSpan LookUp = TimeSpan.FromSeconds(15);

    public static bool IsWanted(VerifierConnectionOptions options) => options.ReplicasByName || options.Replicas.Count > 0;

    public static GrpcChannel Create(VerifierConnectionOptions options, GrpcChannelOptions channel)
    {
        ResolverFactory resolvers = options.ReplicasByName
            ? new DnsResolverFactory(LookUp)
            : new StaticResolverFactory(_ => options.Addresses.Select(a => new BalancerAddress(a.IdnHost, a.Port)));
        channel.ServiceProvider = new Resolvers(resolvers);
        channel.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        channel.Credentials = options.Address.Scheme == Uri.UriSchemeHttps ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;

        // One that is back from a restart must not wait for its turn: the library's default grows to two minutes.
        channel.InitialReconnectBackoff = TimeSpan.FromSeconds(0.2);
        channel.MaxReconnectBackoff = TimeSpan.FromSeconds(5);
        return GrpcChannel.ForAddress(Target(options), channel);
    }

    private static string Target(VerifierConnectionOptions options) =>
        options.ReplicasByName ? $"dns:///{options.Address.Host}:{options.Address.Port}" : "static:///verifier";

    /// <summary>The one thing that the channel asks for.</summary>
    private sealed class Resolvers(ResolverFactory factory) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IEnumerable<ResolverFactory>) ? new[] { factory } : null;
    }
}
