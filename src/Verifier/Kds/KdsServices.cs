using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Kds;

/// <summary>Wires the key service client.</summary>
internal static class KdsServices
{
    private const string ClientName = "kds";

    /// <summary>Needs <see cref="SevSnp.Certificates.TrustRoots"/>, metrics, and a <see cref="ICertificateCache"/> if one is to be shared.</summary>
    public static WebApplicationBuilder AddKds(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<KdsOptions>().BindConfiguration(KdsOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<KdsOptions>, KdsOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICertificateCache, NoSharedCache>();
        services.TryAddSingleton<ICertificateSource, CertificateSource>();
        services.AddSingleton<KdsMaterials>();
        services.AddSingleton<SharedMaterials>();
        services.AddSingleton<AnswerVerifier>();
        services.AddSingleton<KdsClient>();
        services.AddSingleton<KdsPause>();
        services.AddSingleton<KdsStatus>();
        services.AddTransient<BoundedBodyHandler>();
        AddHttp(services);
        return builder;
    }

    // The connections renew themselves, so the handler may live as long as its only user does.
    private static void AddHttp(IServiceCollection services)
    {
        IHttpClientBuilder http = services.AddHttpClient<KdsTransport>(ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => KdsHttp.CreateHandler(provider.GetRequiredService<IOptions<KdsOptions>>().Value));
        http.AddResilienceHandler(ClientName, static (pipeline, context) =>
        {
            pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            KdsHttp.AddResilience(pipeline, context.ServiceProvider.GetRequiredService<IOptions<KdsOptions>>().Value.TotalTimeout);
        });
        http.AddHttpMessageHandler<BoundedBodyHandler>();
    }
}
