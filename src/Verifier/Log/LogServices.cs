using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Documents;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Log;

/// <summary>Wires what follows the logs, and what holds the store against them. After the store, whose documents it guards.</summary>
internal static class LogServices
{
    public static WebApplicationBuilder AddLog(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.TryAddSingleton<LogKeySource>();
        services.TryAddSingleton(Parts);
        services.TryAddSingleton<LogFollower>();
        services.TryAddSingleton<ILogGuard, LogGuard>();
        services.TryAddSingleton<ILogWitness, LogWitness>();
        services.TryAddSingleton<LogReader>();
        services.TryAddSingleton<TenantCopies>();
        services.TryAddSingleton<ReferenceWatch>();
        services.AddSingleton<IGauges, LogGauges>();
        services.AddHostedService(s => s.GetRequiredService<LogFollower>());
        services.AddHostedService<LogAuditor>();
        services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(s => new GuardedDocuments(s.GetRequiredService<MeteredStore>(), s.GetRequiredService<ILogGuard>())));
        return builder;
    }

    private static FollowerParts Parts(IServiceProvider services)
    {
        LogKeySource keys = services.GetRequiredService<LogKeySource>();
        return new(
            services.GetRequiredService<IChangeLog>(),
            () => keys.Ring.Verifier,
            new HighestHeads(Path.GetFullPath(services.GetRequiredService<IOptions<StoreOptions>>().Value.DataDirectory)),
            services.GetRequiredService<IOptions<LogOptions>>().Value.AcceptRollback,
            services.GetRequiredService<VerifierMetrics>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LogFollower>>());
    }
}

/// <summary>The keys, read when first needed: those of an embedded store are there only after its first change.</summary>
internal sealed class LogKeySource(IOptions<LogOptions> options, IOptions<StoreOptions> store) : IDisposable
{
    private readonly Lock _gate = new();
    private LogKeyRing? _ring;

    /// <exception cref="StoreUnfitException">A file cannot be read.</exception>
    public LogKeyRing Ring
    {
        get
        {
            lock (_gate)
            {
                return _ring ??= LogKeyRing.Load(options.Value, store.Value);
            }
        }
    }

    public void Dispose() => _ring?.Dispose();
}
