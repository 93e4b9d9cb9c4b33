using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

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

    /// <summary>With a long timeout, for tests that do not ask how short it can be: on a busy machine a short one is soon over.</summary>
    public static RedisOptions Patient(RedisServer server)
    {
        RedisOptions options = Options(server);
        options.CallTimeout = TimeSpan.FromSeconds(20);
        return options;
    }

    /// <summary>Waits until a store serves, at most for a time.</summary>
    public static async Task ReadyAsync(IStore store, TimeSpan limit, CancellationToken cancellation)
    {
        FairWatch watch = FairWatch.StartNew();
        while (true)
        {
            try
            {
                await store.References.PingAsync(cancellation);
                return;
            }
            catch (Exception e) when (e is StoreUnavailableException or StoreUnfitException)
            {
                TimeSpan passed = await watch.ElapsedAsync();
                Assert.True(passed < limit, $"Still not served after {passed}: {e.Message}");
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
            ConnectTimeout = 30_000,
            AsyncTimeout = 30_000,
            SyncTimeout = 30_000,
            AbortOnConnectFail = false,
        };
        settings.TrustIssuer(server.Certificates.CaFile);
        return ConnectionMultiplexer.ConnectAsync(settings);
    }
}
