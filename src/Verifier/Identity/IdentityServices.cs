using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity;

/// <summary>Wires what tells who calls.</summary>
internal static class IdentityServices
{
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.AddSettings<IdentityOptions>(IdentityOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        builder.Services.TryAddSingleton(CreateValidator);
        return builder;
    }

    private static TokenValidator CreateValidator(IServiceProvider services)
    {
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        ILogger logger = services.GetRequiredService<ILogger<TokenValidator>>();
        IssuerOptions[] issuers = services.GetRequiredService<IOptions<IdentityOptions>>().Value.Issuers;
        return new TokenValidator(
            issuers.Select(options => TrustedIssuer.From(options, new IssuerKeys(options.Issuer!, new KeyClient(options), clock, logger))), clock);
    }
}
