using System.Diagnostics;
using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>How tests reach a server of the test kit: as the service does, and as an administrator.</summary>
internal static class RedisTestClient
{
    public static RedisOptions Options(RedisServer server) => new()
    {
        Endpoints = [server.Endpoint],
        User = RedisServer.User,
        PasswordFile = server.PasswordFile,
        Tls = new() { Enabled = true, CaFile = server.Certificates.CaFile },
    };

    /// <summary>Waits until a store serves, at most for a time.</summary>
    public static async Task ReadyAsync(IStore store, TimeSpan limit, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await store.References.PingAsync(cancellation);
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
            {
                Assert.True(watch.Elapsed < limit, $"Still not served after {watch.Elapsed}: {e.Message}");
                await Task.Delay(20, cancellation);
            }
        }
    }

    public static Task<ConnectionMultiplexer> ConnectAsync(RedisServer server)
    {
        ConfigurationOptions settings = new()
        {
            EndPoints = { server.Endpoint },
            User = RedisServer.Administrator,
            Password = server.Password,
            Ssl = true,
            AllowAdmin = true,
            AbortOnConnectFail = false,
        };
        settings.TrustIssuer(server.Certificates.CaFile);
        return ConnectionMultiplexer.ConnectAsync(settings);
    }
}
