using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>Wires the key service client.</summary>
internal static class KdsServices
{
    /// <summary>
    /// The clock of the network: time limits, repeats and the circuit. A service whose other clock is set or stands still, as for
    /// replaying old evidence, must not wait for ever.
    /// </summary>
    public const string NetworkClock = "kds-network";

    private const string ClientName = "kds";

    /// <summary>Needs <see cref="SevSnp.Certificates.TrustRoots"/>, metrics, and a <see cref="ICertificateCache"/> if one is to be shared.</summary>
    public static WebApplicationBuilder AddKds(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        builder.AddSettings<KdsOptions>(KdsOptions.Section);
        services.AddSingleton<IValidateOptions<KdsOptions>, KdsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(NetworkClock, TimeProvider.System);
        services.TryAddSingleton<ICertificateCache, NoSharedCache>();
        services.TryAddSingleton<ICertificateSource, CertificateSource>();
        services.AddSingleton<KdsMaterials>();
        services.AddSingleton<SharedMaterials>();
        services.AddSingleton<AnswerVerifier>();
        services.AddSingleton<KdsClient>();
        services.AddSingleton<IGauges, KdsGauges>();
        services.TryAddSingleton<IKdsFleet>(s => new LoneInstance(s.GetRequiredKeyedService<TimeProvider>(NetworkClock)));
        services.AddSingleton<FleetTurns>();
        services.AddSingleton<KdsLines>();
        services.AddSingleton<KdsFetcher>();
        services.AddSingleton<VerifiedAnswers>();
        services.AddSingleton<KdsMetrics>();
        services.AddSingleton<PreloadedMaterials>();
        services.AddHostedService(s => s.GetRequiredService<PreloadedMaterials>());
        services.AddSingleton<InventoryPrewarm>();
        services.AddHostedService(s => s.GetRequiredService<InventoryPrewarm>());
        services.AddTransient<BoundedBodyHandler>();
        AddHttp(services);
        return builder;
    }

    /// <summary>Reads the files that options name, so that a bad one stops the start.</summary>
    public static void LoadKdsFiles(this IServiceProvider services)
    {
        services.GetRequiredService<PreloadedMaterials>().Load();
        services.GetRequiredService<InventoryPrewarm>().Load();
    }

    // The connections renew themselves, so the handler may live as long as its only user does.
    private static void AddHttp(IServiceCollection services)
    {
        IHttpClientBuilder http = services.AddHttpClient<KdsTransport>(ClientName, static client =>
            {
                // The limits are those of the pipeline below; a client without a name may be taken for a robot and turned away.
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("sev-snp-verifier");
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => KdsHttp.CreateHandler(provider.GetRequiredService<IOptions<KdsOptions>>().Value));
        http.AddResilienceHandler(ClientName, static (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredKeyedService<TimeProvider>(NetworkClock);
            KdsHttp.AddResilience(pipeline, context.ServiceProvider.GetRequiredService<IOptions<KdsOptions>>().Value);
        });
        http.AddHttpMessageHandler<BoundedBodyHandler>();
    }
}
