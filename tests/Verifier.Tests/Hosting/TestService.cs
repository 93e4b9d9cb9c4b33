using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Verifier.Contracts.V1;
using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.TestKit;
using Verifier.Tests.Challenges;
using Verifier.Tests.Pipeline;
using Verifier.Tests.Registry;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace Verifier.Tests.Hosting;

/// <summary>
/// The real service on a real loopback socket, with doubles for store and key service, simulated roots and a clock that stands.
/// Disposing it fails the test when the service logged an error that the test did not expect.
/// </summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Token = "admin-token-for-tests-0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-test-").FullName;
    private readonly List<GrpcChannel> _channels = [];

    private TestService()
    {
    }

    public InMemoryStore Store { get; } = new();

    public InMemoryChallenges Challenges { get; } = new();

    public NoGuard Guard { get; } = new();

    public InMemoryDocuments Documents { get; } = new();

    public CertificateDouble Certificates { get; } = new();

    public FakeTimeProvider Clock { get; } = new(VirtualAmd.Now);

    public LogCollector Log { get; } = new();

    /// <summary>Event ids of errors that the test provokes.</summary>
    public HashSet<int> ExpectedErrors { get; } = [];

    public WebApplication App { get; private set; } = null!;

    public string Folder => _folder;

    public string Address => App.Urls.First();

    public VerifierService.VerifierServiceClient Verifier => new(Channel());

    public RegistryService.RegistryServiceClient Registry => new(Channel());

    public PolicyService.PolicyServiceClient Policies => new(Channel());

    public HealthClient Health => new(Channel());

    /// <summary>The administrator's token, which may do everything.</summary>
    public static Metadata Registrar => new() { { "authorization", $"Bearer {Token}" } };

    public static async Task<TestService> StartAsync(string[]? args = null, bool hasAdminToken = true, Action<WebApplicationBuilder>? configure = null)
    {
        TestService service = new();
        string tokenFile = service.Write("token", Token + "\n");
        string[] basics =
        [
            "--Server:Port=0",
            $"--Store:DataDirectory={Path.Combine(service.Folder, "data")}",
            $"--Identity:StateDirectory={Path.Combine(service.Folder, "state")}",
            .. hasAdminToken ? [$"--Identity:AdminTokenFile={tokenFile}"] : Array.Empty<string>(),
            .. args ?? [],
        ];
        service.App = VerifierApp.Create(basics, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<IReferenceValueStore>(service.Store));
            builder.Services.Replace(ServiceDescriptor.Singleton<IChallengeStore>(service.Challenges));
            builder.Services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(service.Documents));

            // There is no log beside the double.
            builder.Services.Replace(ServiceDescriptor.Singleton<ILogGuard>(service.Guard));
            builder.Services.Remove(builder.Services.Single(d => d.ServiceType == typeof(IHostedService) && d.ImplementationFactory?.Method.ReturnType == typeof(LogFollower)));
            builder.Services.Remove(builder.Services.Single(d => d.ImplementationType == typeof(LogAuditor)));

            // Watches the store that the double stands in for.
            builder.Services.Remove(builder.Services.Single(d => d.ImplementationType == typeof(StoreWatch)));
            builder.Services.Replace(ServiceDescriptor.Singleton<ICertificateSource>(service.Certificates));
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(service.Clock));

            // Nobody waits for readings to age where doubles are changed.
            builder.Services.Replace(ServiceDescriptor.Singleton(new Moments(TimeSpan.Zero, TimeProvider.System)));
            builder.Services.Replace(ServiceDescriptor.Singleton(VirtualAmd.Milan.Roots));
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(service.Log);
            configure?.Invoke(builder);
        });
        await service.App.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    /// <summary>Puts a policy in force.</summary>
    public async Task<Policy> ApplyAsync(PolicyRules rules, string id = "default") => (await Policies.ApplyPolicyAsync(
        new() { Policy = new() { Name = $"tenants/default/policies/{id}", Rules = rules } }, Registrar, cancellationToken: TestContext.Current.CancellationToken)).Policy;

    /// <summary>A file of this service's own folder.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public GrpcChannel Channel(string? address = null, GrpcChannelOptions? options = null)
    {
        GrpcChannel channel = GrpcChannel.ForAddress(address ?? Address, options ?? new GrpcChannelOptions());
        _channels.Add(channel);
        return channel;
    }

    /// <summary>A client for requests that no gRPC library would send.</summary>
    public HttpClient RawClient() => new()
    {
        BaseAddress = new Uri(Address),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async ValueTask DisposeAsync()
    {
        if (!App.Lifetime.ApplicationStopped.IsCancellationRequested)
        {
            await App.StopAsync(CancellationToken.None);
        }

        await App.DisposeAsync();
        _channels.ForEach(c => c.Dispose());
        Directory.Delete(_folder, recursive: true);
        string unexpected = string.Join('\n', Log.Errors.Where(e => !ExpectedErrors.Contains(e.Id.Id)).Select(e => $"{e.Category} {e.Id.Id}: {e.Text} {e.Exception}"));
        Assert.True(unexpected.Length == 0, unexpected);
    }
}
