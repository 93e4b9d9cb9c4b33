using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Challenges;
using Verifier.Service.Kds;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.Service.Storage.Sqlite;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Storage;

/// <summary>Wires the store: the embedded one, or Redis when an address is configured.</summary>
internal static class StorageServices
{
    public static WebApplicationBuilder AddStorage(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<StoreOptions>().BindConfiguration(StoreOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<VerifierMetrics>();
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton<MeteredStore>();
        services.TryAddSingleton<IReferenceValueStore>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IChangeLog>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<ICertificateCache>(s => s.GetRequiredService<MeteredStore>());
        services.TryAddSingleton<IChallengeStore>(s => s.GetRequiredService<MeteredStore>());
        services.AddHostedService<StoreWatch>();
        return builder;
    }

    private static IStore CreateStore(IServiceProvider services)
    {
        StoreOptions options = services.GetRequiredService<IOptions<StoreOptions>>().Value;
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        return options.UsesRedis
            ? new RedisStore(options.Redis, clock)
            : new SqliteStore(options, clock);
    }
}
