using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.Service.Hosting;
using Verifier.TestKit.Redis;

namespace Verifier.Perf.Benchmarks;

/// <summary>The whole service in this process, for the parts of it that are measured alone.</summary>
internal sealed class HostedService : IAsyncDisposable
{
    private const string Token = "admin-token-for-perf-0123456789abcdef";

    private readonly string _folder;
    private readonly WebApplication _app;

    private HostedService(string folder, WebApplication app) => (_folder, _app) = (folder, app);

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts it on its embedded store, or on a Redis.</summary>
    public static async Task<HostedService> StartAsync(RedisServer? redis = null, params string[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-benchmark-").FullName;
        string token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, Token);
        WebApplication app = VerifierApp.Create(
            [
                "--Server:Port=0",
                "--Kds:Mode=Offline",
                $"--Store:DataDirectory={Path.Combine(folder, "data")}",
                $"--Identity:AdminTokenFile={token}",
                $"--Identity:StateDirectory={Path.Combine(folder, "state")}",
                .. redis is null ? [] : OnRedis(redis),
                .. settings,
            ],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return new HostedService(folder, app);
    }

    /// <summary>Registers a measurement through the service, and gives it back.</summary>
    public async Task<Digest384> RegisterAsync()
    {
        byte[] digest = RandomNumberGenerator.GetBytes(Digest384.Size);
        using GrpcChannel channel = GrpcChannel.ForAddress(_app.Urls.First());
        CreateReferenceValueRequest request = new()
        {
            ReferenceValueId = "benchmark",
            RequestId = Guid.NewGuid().ToString(),
            ReferenceValue = new()
            {
                Image = "benchmark",
                Version = "1",
                Kind = LaunchKind.SvsmIgvm,
                Measurements = { new LaunchMeasurement { Digest = Google.Protobuf.ByteString.CopyFrom(digest) } },
            },
        };
        for (int tried = 0; ; tried++)
        {
            try
            {
                await new RegistryService.RegistryServiceClient(channel).CreateReferenceValueAsync(request, new Metadata { { "authorization", $"Bearer {Token}" } });
                break;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && tried < 100)
            {
                // A busy machine may make a store slow; repeating is what clients are told to do.
                await Task.Delay(100);
            }
        }

        return new Digest384(digest);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[] OnRedis(RedisServer redis) =>
    [
        $"--Store:Redis:Endpoints:0={redis.Endpoint}",
        $"--Store:Redis:User={RedisServer.User}",
        $"--Store:Redis:PasswordFile={redis.PasswordFile}",
        "--Store:Redis:Tls:Enabled=true",
        "--Store:Redis:CallTimeout=00:00:03",
        $"--Store:Redis:Tls:CaFile={redis.Certificates.CaFile}",
        $"--Log:KeyFile={redis.LogKeyFile}",
    ];
}
