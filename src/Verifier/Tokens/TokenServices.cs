using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Tokens;

/// <summary>Wires signed results.</summary>
internal static class TokenServices
{
    public static WebApplicationBuilder AddTokens(this WebApplicationBuilder builder)
    {
        builder.AddSettings<TokenOptions>(TokenOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<TokenKeys>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TokenKeys>());
        builder.Services.AddSingleton<IGauges, TokenGauges>();
        builder.Services.TryAddSingleton<TokenIssuer>();
        builder.Services.TryAddSingleton<TokenListener>();
        builder.Services.TryAddSingleton<ResultTokens>();
        return builder;
    }
}
