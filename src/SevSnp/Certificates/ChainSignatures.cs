using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>C11: the root signed itself and the intermediate, the intermediate signed the leaf.</summary>
internal static class ChainSignatures
{
    public static bool AreValid(CertificateChain chain, ChainResults results)
    {
        if (chain.Intermediate is not { } intermediate)
        {
            string name = AmdIdentity.CommonName(chain.Leaf.Role.Issuer(), chain.Leaf.Product);
            return results.Fail(CheckId.ChainSignaturesAreValid, $"the {name} certificate, issuer of the {chain.Leaf.Role.Name()}", "none among the certificates at hand");
        }

        AmdCertificate root = chain.Root!;
        foreach ((AmdCertificate issuer, AmdCertificate subject) in ((AmdCertificate, AmdCertificate)[])[(root, root), (root, intermediate), (intermediate, chain.Leaf)])
        {
            if (!issuer.HasSigned(subject))
            {
                return results.Fail(
                    CheckId.ChainSignaturesAreValid,
                    $"{subject.Role.Name()} signed by {AmdIdentity.CommonName(issuer.Role, issuer.Product)}",
                    "the signature does not verify");
            }
        }

        results.Pass(CheckId.ChainSignaturesAreValid, "RSASSA-PSS with SHA-384, salt 48");
        return true;
    }
}
