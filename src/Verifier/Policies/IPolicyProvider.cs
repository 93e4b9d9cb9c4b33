using SevSnp.Policies;
using Verifier.Service.Documents;

namespace Verifier.Service.Policies;

/// <summary>Tells the policy that a tenant is judged by now. Throws as the store does.</summary>
internal interface IPolicyProvider
{
    Task<AppraisalPolicy> OfAsync(string tenant, CancellationToken cancellation);

    /// <summary>The policy that documents hold which were read before.</summary>
    AppraisalPolicy Of(TenantDocuments documents, string tenant);
}
