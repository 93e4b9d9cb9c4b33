using Microsoft.Extensions.Options;
using SevSnp.Policies;

namespace Verifier.Service.Policies;

/// <summary>One policy for the one tenant there is, as configured.</summary>
internal sealed class ConfiguredPolicy(IOptions<PolicyOptions> options) : IPolicyProvider
{
    private readonly AppraisalPolicy _policy = options.Value.ToPolicy();

    public AppraisalPolicy Of(string tenant) => _policy;
}
