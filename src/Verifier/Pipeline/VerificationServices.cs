using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using Verifier.Service.Hosting;
using Verifier.Service.Policies;

namespace Verifier.Service.Pipeline;

/// <summary>Wires policy, trust roots and the pipeline.</summary>
internal static class VerificationServices
{
    public static WebApplicationBuilder AddVerification(this WebApplicationBuilder builder)
    {
        builder.AddSettings<TrustOptions>(TrustOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<TrustOptions>, TrustOptionsValidator>();
        builder.AddSettings<CryptoOptions>(CryptoOptions.Section);
        builder.AddPolicies();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => Roots(services.GetRequiredService<IOptions<TrustOptions>>().Value));
        builder.Services.TryAddSingleton(services => new VerifiedCertificates(services.GetRequiredService<IOptions<TrustOptions>>().Value.VerifiedCertificates));
        builder.Services.TryAddSingleton<VerdictRecorder>();
        builder.Services.TryAddSingleton<ExplanationSource>();
        builder.Services.TryAddSingleton<VerificationPipeline>();
        builder.Services.TryAddSingleton<PolicyTrial>();
        return builder;
    }

    private static TrustRoots Roots(TrustOptions options) =>
        options.TryRead(out TrustRoots? roots, out IReadOnlyList<string> faults) ? roots : throw new ConfigurationFaultException(faults);
}
