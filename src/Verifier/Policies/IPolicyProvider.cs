using SevSnp.Policies;

namespace Verifier.Service.Policies;

/// <summary>Tells the policy that a tenant is judged by now. Throws as the store does.</summary>
internal interface IPolicyProvider
{
    Task<AppraisalPolicy> OfAsync(string tenant, CancellationToken cancellation);
}
