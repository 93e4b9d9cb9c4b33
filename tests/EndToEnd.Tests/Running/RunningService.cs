using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SevSnp.Certificates;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Storage;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>
/// The whole service on a real loopback socket, with nothing replaced but the clock and, where asked for, the roots: real store,
/// real key service client, real configuration.
/// </summary>
internal sealed class RunningService : IAsyncDisposable
{
    private const string Token = "admin-token-for-tests-0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-e2e-").FullName;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private RunningService(SettableClock clock) => Clock = clock;

    public SettableClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    public RevocationLiftService.RevocationLiftServiceClient Lifts => new(_channel);

    public string Address => _app.Urls.First();

    /// <summary>Where the keys of results are, with <c>Tokens:Port</c>.</summary>
    public string KeysAddress => _app.Urls.Last();

    /// <summary>Where JSON and gRPC-Web are, with <c>Web:Port</c>.</summary>
    public string WebAddress => _app.Urls.Last();

    /// <summary>Where Prometheus scrapes, with <c>Telemetry:MetricsPort</c>.</summary>
    public string MetricsAddress => _app.Urls.ElementAt(1);

    public string DataDirectory => Path.Combine(_folder, "data");

    public string TokenFile => Path.Combine(_folder, "token");

    public VerifierService.VerifierServiceClient Verifier => new(_channel);

    public RegistryService.RegistryServiceClient Registry => new(_channel);

    public PolicyService.PolicyServiceClient Policies => new(_channel);

    public static Metadata Registrar => new() { { "authorization", $"Bearer {Token}" } };

    /// <summary>Starts the service on a Redis with a password and TLS.</summary>
    public static Task<RunningService> StartAsync(RedisServer redis, TrustRoots roots, params IEnumerable<string> settings) =>
        StartAsync([.. OnRedis.Settings(redis), .. settings], roots);

    /// <summary>The same, with readings of the store that serve calls for as long as is told, and changes that are kept from being acknowledged for that.</summary>
    public static Task<RunningService> StartAsync(RedisServer redis, TrustRoots roots, TimeSpan age) =>
        StartAsync(OnRedis.Settings(redis), roots, new Moments(age, TimeProvider.System));

    /// <summary>Starts the service; without a setting for it the store is an embedded one of its own and the key service is never asked.</summary>
    public static async Task<RunningService> StartAsync(IEnumerable<string>? settings = null, TrustRoots? roots = null, Moments? moments = null)
    {
        RunningService service = new(new SettableClock(VirtualAmd.Now));
        await File.WriteAllTextAsync(service.TokenFile, Token, TestContext.Current.CancellationToken);
        string[] given = [.. settings ?? []];
        List<string> args =
        [
            "--Server:Port=0",
            $"--Store:DataDirectory={service.DataDirectory}",
            $"--Identity:AdminTokenFile={service.TokenFile}",
            $"--Identity:StateDirectory={Path.Combine(service._folder, "state")}",
            .. given,
        ];
        if (!given.Any(s => s.StartsWith("--Kds:", StringComparison.Ordinal)))
        {
            args.Add("--Kds:Mode=Offline");
        }

        // A test that asks for several chips is not about how far apart the requests are, unless it says so.
        if (!given.Any(s => s.StartsWith("--Kds:Spacing=", StringComparison.Ordinal)))
        {
            args.Add("--Kds:Spacing=00:00:00");
        }

        service._app = VerifierApp.Create([.. args], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(service.Clock));
            if (moments is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton(moments));
            }

            if (roots is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton(roots));
            }
        });
        await service._app.StartAsync(TestContext.Current.CancellationToken);

        // Certificates of tests are made for the test; whoever checks one has a channel of its own.
        service._channel = GrpcChannel.ForAddress(service.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null } },
            DisposeHttpClient = true,
        });
        return service;
    }

    /// <summary>Registers a launch measurement under an id.</summary>
    public async Task RegisterAsync(string id, byte[] measurement)
    {
        CreateReferenceValueRequest register = Requests.Create(id, measurement);
        register.RequestId = Guid.NewGuid().ToString();
        await Patience.ThroughStallsAsync(() => Registry.CreateReferenceValueAsync(register, Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
    }

    /// <summary>Revokes what is registered under an id.</summary>
    public async Task RevokeAsync(string id, string reason = "test")
    {
        RevokeReferenceValueRequest revoke = new() { Name = Requests.Name(id), Reason = reason, RequestId = Guid.NewGuid().ToString() };
        await Patience.ThroughStallsAsync(() => Registry.RevokeReferenceValueAsync(revoke, Registrar, cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
    }

    /// <summary>Asks once, and again where a machine that stood still kept the verdict back; a challenge serves once, so what is bound by one is not asked again.</summary>
    public Task<AttestationVerdict> VerifyAsync(VerifyRequest request) =>
        request.Binding?.Challenge is null ? Patience.ThroughStallsAsync(() => VerifyOnceAsync(request)) : VerifyOnceAsync(request);

    public async Task<AttestationVerdict> VerifyOnceAsync(VerifyRequest request) =>
        (await Verifier.VerifyAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Verdict;

    /// <summary>Ends as a process that is killed: what it held in the store stays there, and nobody renews it.</summary>
    public async Task KillAsync()
    {
        await Services.GetRequiredService<IStore>().DisposeAsync();
        _channel.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
