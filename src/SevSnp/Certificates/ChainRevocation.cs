using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>
/// C15: every list at hand for the product line is signed by the root, current, and names neither intermediate nor root. Leaves cannot
/// be named: all have the serial number 0, and raising the TCB is how AMD revokes them.
/// </summary>
internal static class ChainRevocation
{
    public static bool Holds(CertificateChain chain, IEnumerable<RevocationList> lists, DateTimeOffset at, ChainResults results, out RevocationStatus status)
    {
        status = RevocationStatus.NoList;
        RevocationList[] relevant = [.. lists.Where(l => l.Product == chain.Leaf.Product)];
        if (relevant.Length == 0)
        {
            results.NotRequired(CheckId.CertificatesAreNotRevoked, $"no revocation list for {chain.Leaf.Product} was at hand");
            return true;
        }

        foreach (RevocationList list in relevant)
        {
            if (!IsUsable(list, chain.Root!, at, results))
            {
                return false;
            }

            foreach (AmdCertificate authority in (AmdCertificate[])[chain.Intermediate!, chain.Root!])
            {
                if (list.Names(authority))
                {
                    string name = AmdIdentity.CommonName(authority.Role, authority.Product);
                    return results.Fail(CheckId.CertificatesAreNotRevoked, $"{name} not revoked", $"serial number {authority.SerialNumber} is on the list");
                }
            }
        }

        status = RevocationStatus.NotRevoked;
        results.Pass(CheckId.CertificatesAreNotRevoked, $"{relevant.Length} list(s), current until {ChainValidity.Text(relevant.Min(l => l.NextUpdate))}");
        return true;
    }

    private static bool IsUsable(RevocationList list, AmdCertificate root, DateTimeOffset at, ChainResults results)
    {
        if (!list.IsSignedBy(root))
        {
            return results.Fail(CheckId.CertificatesAreNotRevoked, $"a list signed by {AmdIdentity.CommonName(root.Role, root.Product)}", "the signature does not verify");
        }

        return ChainValidity.IsWithin(at, list.ThisUpdate, list.NextUpdate)
            || results.Fail(
                CheckId.CertificatesAreNotRevoked,
                $"a list that is current at {ChainValidity.Text(at)}",
                $"issued {ChainValidity.Text(list.ThisUpdate)}, next due {ChainValidity.Text(list.NextUpdate)}");
    }
}
