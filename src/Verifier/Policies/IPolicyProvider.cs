using SevSnp.Policies;

namespace Verifier.Service.Policies;

/// <summary>Tells the policy of a tenant.</summary>
internal interface IPolicyProvider
{
    AppraisalPolicy Of(string tenant);
}
