using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Verifier.Service.Usage;

/// <summary>Wires the counting of accepted guests.</summary>
internal static class UsageServices
{
    public static WebApplicationBuilder AddUsage(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<UsageCounter>();
        builder.Services.TryAddSingleton<UsageFlusher>();
        builder.Services.TryAddSingleton<RevocationImpacts>();
        builder.Services.AddHostedService(s => s.GetRequiredService<UsageFlusher>());
        return builder;
    }
}
