using Microsoft.Extensions.DependencyInjection.Extensions;
using SevSnp.Policies;
using Verifier.Service.Documents;

namespace Verifier.Service.Policies;

/// <summary>Wires policies.</summary>
internal static class PolicyServices
{
    public static WebApplicationBuilder AddPolicies(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<IPolicyProvider>(s => new StoredPolicies(s.GetRequiredService<IDocumentStore>(), AppraisalPolicy.Default));
        builder.Services.TryAddSingleton(s => new PolicyArchive(
            s.GetRequiredService<IDocumentStore>(), s.GetRequiredService<TimeProvider>(), AppraisalPolicy.Default, s.GetRequiredService<ILogger<PolicyArchive>>()));
        return builder;
    }
}
