using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.Service.Telemetry;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage;

/// <summary>Wires the store: the embedded one, or Redis when an address is configured.</summary>
internal static class StorageServices
{
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        builder.AddSettings<LogOptions>(LogOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LogOptions>, LogOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Moments(Moments.LongestAge, TimeProvider.System));
        services.TryAddSingleton<VerifierMetrics>();
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton<MeteredStore>();
        services.TryAddSingleton<IReferenceValueStore>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IDocumentStore>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IChangeLog>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<ITenantContents>(s => s.GetRequiredService<IStore>().Contents);
        services.TryAddSingleton<ITenantImport>(s => new SettledImport(s.GetRequiredService<IStore>().Import, s.GetRequiredService<Moments>()));
        services.TryAddSingleton<ICertificateCache>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IUsageStore>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IChallengeStore>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IKdsFleet>(s => s.GetRequiredService<IStore>().Fleet ?? new LoneInstance(s.GetRequiredKeyedService<TimeProvider>(KdsServices.NetworkClock)));
        services.AddHostedService<StoreWatch>();
        return builder;
    }

    private static IStore CreateStore(IServiceProvider services)
    {
        StoreOptions options = services.GetRequiredService<IOptions<StoreOptions>>().Value;
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        LogOptions log = services.GetRequiredService<IOptions<LogOptions>>().Value;
        return options.UsesRedis
            ? new RedisStore(
                options.Redis,
                () => LogKeyRing.Load(log, options),
                Witness,
                clock,
                new RegistryIds(options.Redis.RegistryId, Path.GetFullPath(options.DataDirectory)),
                new RedisInstruments(services.GetService<IMeterFactory>()))
            : new SqliteStore(options, log, Witness, clock);

        // It follows what the store keeps, and so is there only after it.
        ILogWitness Witness() => services.GetRequiredService<ILogWitness>();
    }
}
