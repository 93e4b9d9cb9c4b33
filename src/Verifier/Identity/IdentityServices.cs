using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Documents;
using Verifier.Service.Hosting;
using Verifier.Service.Identity.Admin;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Service.Identity;

/// <summary>Wires what tells who calls.</summary>
internal static class IdentityServices
{
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.AddSettings<IdentityOptions>(IdentityOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        builder.Services.TryAddSingleton(CreateValidator);
        builder.Services.TryAddSingleton(CreateAdminToken);
        builder.Services.TryAddSingleton<CallerReader>();
        builder.Services.TryAddSingleton<RuleBook>();
        builder.Services.TryAddSingleton<TenantDirectory>();
        builder.Services.TryAddSingleton<TenantReader>();
        builder.Services.TryAddSingleton<IApprovalRule>(s => s.GetRequiredService<TenantDirectory>());
        builder.Services.AddHostedService<AdminPointer>();
        return builder;
    }

    private static AdminToken CreateAdminToken(IServiceProvider services) => AdminTokenPlace.Prepare(
        services.GetRequiredService<IOptions<IdentityOptions>>().Value,
        services.GetRequiredService<IOptions<ServerOptions>>().Value,
        services.GetRequiredService<IOptions<StoreOptions>>().Value);

    private static TokenValidator CreateValidator(IServiceProvider services)
    {
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        ILogger logger = services.GetRequiredService<ILogger<TokenValidator>>();
        IssuerOptions[] issuers = services.GetRequiredService<IOptions<IdentityOptions>>().Value.Issuers;
        return new TokenValidator(
            issuers.Select(options => TrustedIssuer.From(options, new IssuerKeys(options.Issuer!, new KeyClient(options), clock, logger))), clock);
    }
}
