using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.TestKit.Net;
using Verifier.TestKit.Redis;

namespace Verifier.Perf.Trials;

/// <summary>One redis-server and one service on it as a process of its own.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private const string Token = "admin-token-for-perf-0123456789abcdef";

    private readonly RedisServer _redis;
    private readonly Process _process;
    private readonly GrpcChannel _channel;
    private readonly string _folder;

    private Deployment(RedisServer redis, Process process, int port, string folder, ListenerCertificate? certificate)
    {
        _redis = redis;
        _process = process;
        _folder = folder;
        Address = certificate is null ? $"http://127.0.0.1:{port}" : $"https://localhost:{port}";
        _channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && certificate?.IsThis(shown) == true },
            },
            DisposeHttpClient = true,
        });
    }

    public string Address { get; }

    /// <summary>Process id of the service.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What clients of the listener must trust; there is none without TLS.</summary>
    public string AuthorityFile => Path.Combine(_folder, ListenerCertificate.FileName);

    /// <summary>The administrator's token.</summary>
    public string TokenFile => Path.Combine(_folder, "token");

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

    public static async Task<Deployment> StartAsync(DeploymentSetup setup)
    {
        RedisServer redis = await RedisServer.StartAsync(new RedisServerSetup { AppendFsync = setup.Durability });
        string folder = Directory.CreateTempSubdirectory("verifier-perf-").FullName;
        string token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, Token);
        ListenerCertificate? certificate = setup.WithTls ? ListenerCertificate.Write(folder) : null;
        int port = FreePort.Next();
        List<string> arguments =
        [
            string.Create(CultureInfo.InvariantCulture, $"--Server:Port={port}"),
            "--Kds:Mode=Offline",
            $"--Trust:UnsafeExtraRoots:0={setup.Root}",
            $"--Identity:AdminTokenFile={token}",
            $"--Identity:StateDirectory={Path.Combine(folder, "state")}",
            $"--Store:Redis:Endpoints:0={redis.Endpoint}",
            $"--Store:Redis:User={RedisServer.User}",
            $"--Store:Redis:PasswordFile={redis.PasswordFile}",
            "--Store:Redis:Tls:Enabled=true",
            $"--Store:Redis:Tls:CaFile={redis.Certificates.CaFile}",
            $"--Store:Redis:Durability={setup.Durability}",
            $"--Log:KeyFile={redis.LogKeyFile}",
            "--Logging:LogLevel:Default=Error",
            .. certificate?.Settings ?? [],
            .. setup.WithResults ? ResultSettings(folder) : [],
            .. setup.Settings,
        ];
        if (setup.Service.EndsWith(".dll", StringComparison.Ordinal))
        {
            arguments.Insert(0, setup.Service);
        }

        Process process = Process.Start(new ProcessStartInfo(setup.Service.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : setup.Service, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Deployment deployment = new(redis, process, port, folder, certificate);
        try
        {
            await deployment.AnswersAsync();
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers a launch measurement.</summary>
    public async Task RegisterAsync(string id, byte[] measurement)
    {
        CreateReferenceValueRequest request = new()
        {
            ReferenceValueId = id,
            RequestId = Guid.NewGuid().ToString(),
            ReferenceValue = new()
            {
                Image = id,
                Version = "1",
                Kind = LaunchKind.SvsmIgvm,
                Measurements = { new LaunchMeasurement { Digest = ByteString.CopyFrom(measurement) } },
            },
        };
        for (int tried = 0; ; tried++)
        {
            try
            {
                await Registry.CreateReferenceValueAsync(request, Call);
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && tried < 100)
            {
                // A busy machine may make Redis slow; repeating is what clients are told to do.
                await Task.Delay(100);
            }
        }
    }

    /// <summary>A figure of the section of INFO that has it.</summary>
    public async Task<long> RedisMemoryAsync() => await _redis.UsedMemoryAsync();

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

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

    private static string[] ResultSettings(string folder)
    {
        string file = Path.Combine(folder, "result-key.pem");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return ["--Tokens:Issuer=https://results.perf.example", $"--Tokens:KeyFiles:0={file}"];
    }
}
