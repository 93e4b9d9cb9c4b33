using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.Perf.Registry;

/// <summary>One redis-server, with relaxed synchronisation, and one service on it as a process of its own.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const string Token = "admin-token-for-perf-0123456789abcdef";

    private readonly RedisServer _redis;
    private readonly Process _process;
    private readonly GrpcChannel _channel;
    private readonly string _folder;

    private Deployment(RedisServer redis, Process process, int port, string folder)
    {
        _redis = redis;
        _process = process;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _folder = folder;
    }

    public static CallOptions Call => new(new Metadata { { "authorization", $"Bearer {Token}" } }, DateTime.UtcNow.AddSeconds(30));

    public VerifierService.VerifierServiceClient Verifier => new(_channel);

    public RegistryService.RegistryServiceClient Registry => new(_channel);

    /// <summary>Processor time that the service has used, user and kernel.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory of the service.</summary>
    public long ServiceMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<Deployment> StartAsync()
    {
        RedisServer redis = await RedisServer.StartAsync(new RedisServerSetup { AppendFsync = "everysec" });
        string folder = Directory.CreateTempSubdirectory("verifier-perf-").FullName;
        string token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, Token);
        int port = FreePort();
        Process process = Process.Start(new ProcessStartInfo("dotnet",
        [
            RepositoryRoot.Combine("src", "Verifier", "bin", "Release", "net10.0", "Verifier.Service.dll"),
            string.Create(CultureInfo.InvariantCulture, $"--Server:Port={port}"),
            "--Kds:Mode=Offline",
            $"--Trust:UnsafeExtraRoots:0={Samples.Path("root.pem")}",
            $"--Identity:AdminTokenFile={token}",
            $"--Identity:StateDirectory={Path.Combine(folder, "state")}",
            $"--Store:Redis:Endpoints:0={redis.Endpoint}",
            $"--Store:Redis:User={RedisServer.User}",
            $"--Store:Redis:PasswordFile={redis.PasswordFile}",
            "--Store:Redis:Tls:Enabled=true",
            $"--Store:Redis:Tls:CaFile={redis.Certificates.CaFile}",
            "--Store:Redis:Durability=everysec",
            "--Store:Redis:CallTimeout=00:00:03",
            $"--Log:KeyFile={redis.LogKeyFile}",
            "--Logging:LogLevel:Default=Error",
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Deployment deployment = new(redis, process, port, folder);
        await deployment.AnswersAsync();
        return deployment;
    }

    /// <summary>A figure of the section of INFO that has it.</summary>
    public async Task<long> RedisMemoryAsync() => await _redis.UsedMemoryAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswersAsync()
    {
        for (int tried = 0; ; tried++)
        {
            try
            {
                await Registry.ListReferenceValuesAsync(new ListReferenceValuesRequest { PageSize = 1 }, Call);
                return;
            }
            catch (RpcException) when (tried < 300 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
