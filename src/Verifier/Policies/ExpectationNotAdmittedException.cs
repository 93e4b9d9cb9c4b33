using SevSnp.Policies;

namespace Verifier.Service.Policies;

/// <summary>A request states what the tenant's policy does not let requests state. Nothing was judged.</summary>
internal sealed class ExpectationNotAdmittedException(IReadOnlyList<Expectation> refused) : Exception("The policy does not admit an expectation.")
{
    public IReadOnlyList<Expectation> Refused { get; } = refused;
}
