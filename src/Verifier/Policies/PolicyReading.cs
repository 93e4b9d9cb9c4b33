using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Policies;

/// <summary>Stored documents as policies.</summary>
internal static class PolicyReading
{
    /// <exception cref="StoreUnfitException">What is stored is no policy that this version understands completely.</exception>
    public static AppraisalPolicy ToPolicy(this StoredDocument document) =>
        PolicyDocument.TryRead(document.Content, out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults)
            ? policy with { Name = document.Id, Version = document.Version }
            : throw new StoreUnfitException($"The policy {document.Id}@{document.Version} of tenant {document.Tenant} is not understood: {faults[0]}");
}
