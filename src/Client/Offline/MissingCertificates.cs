using SevSnp.Certificates;
using SevSnp.Launch;

namespace Verifier.Client.Offline;

/// <summary>
/// Offline, a certificate that was simply not given is the user's oversight and not the guest's fault. Whatever was given, right or
/// wrong, is for the library to judge.
/// </summary>
internal static class MissingCertificates
{
    private const string Kds = "https://kdsintf.amd.com";

    public static void Demand(KeyKind kind, CertificateBundle bundle, TrustRoots roots)
    {
        // An unsigned report needs no certificates to be refused, and a part that does not parse may be the one that seems to be missing.
        if (kind == KeyKind.None || bundle.Faults.Count > 0)
        {
            return;
        }

        AmdCertificate? leaf = bundle.Find(CertificateRole.Vcek) ?? bundle.Find(CertificateRole.Vlek);
        if (leaf is null)
        {
            throw CommandFailure.Usage(
                $"no {Name(kind)} certificate was given, and the report is signed by a {Name(kind)}",
                kind == KeyKind.Vcek
                    ? "give it with --vcek or --certs; AMD's key service has it for the report's chip id and reported TCB (verifierctl verify without --offline lets a service fetch it)"
                    : "give it with --vlek or --certs; AMD gives VLEKs to cloud providers only, so it comes with the report");
        }

        string product = leaf.Product.ToString();
        if (bundle.Find(CertificateRole.Ask) is null && bundle.Find(CertificateRole.Asvk) is null)
        {
            string intermediate = kind == KeyKind.Vcek ? "ASK" : "ASVK";
            throw CommandFailure.Usage($"the intermediate certificate ({intermediate} of {product}) was not given", Fetch(kind, product));
        }

        if (bundle.Find(CertificateRole.Ark) is null && roots.UnsafeExtraRoots.Count == 0)
        {
            throw CommandFailure.Usage($"the root certificate (ARK of {product}) was not given", Fetch(kind, product));
        }
    }

    private static string Fetch(KeyKind kind, string product) =>
        $"give it with --chain; intermediate and root are at {Kds}/{Name(kind).ToLowerInvariant()}/v1/{product}/cert_chain";

    private static string Name(KeyKind kind) => kind == KeyKind.Vcek ? "VCEK" : "VLEK";
}
