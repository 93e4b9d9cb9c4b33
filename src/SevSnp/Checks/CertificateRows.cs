namespace SevSnp.Checks;

/// <summary>Rows C10 to C19 of the check table.</summary>
internal static class CertificateRows
{
    private const string Profile = "AMD 57230, certificate profiles";

    public static IReadOnlyList<CheckRule> All { get; } =
    [
        Row(
            CheckId.RootIsPinned,
            "Root certificate",
            "The root is the ARK of the product line whose fingerprint is pinned in the verifier.",
            "A root that comes with the evidence proves nothing: anyone can make a chain that looks like AMD's.",
            "AMD 57230; fingerprints taken from AMD's key service",
            "Send AMD's own ARK for the product line; if this is a simulation, name its root in Trust:UnsafeExtraRoots."),
        Row(
            CheckId.ChainSignaturesAreValid,
            "Signatures of the chain",
            "Leaf, intermediate and root are each signed by their issuer with RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt 48.",
            "Each link must be vouched for by the one above, with the one algorithm that AMD uses.",
            Profile,
            "Send the intermediate that issued the leaf: ASK for a VCEK, ASVK for a VLEK, of the same product line."),
        Row(
            CheckId.CertificatesAreInValidity,
            "Validity in time",
            "Leaf, intermediate and root are within their validity at the time of judging, give or take 300 seconds.",
            "AMD vouches for a key only for so long: a VCEK for seven years, a VLEK for one.",
            "RFC 5280, section 4.1.2.5",
            "Fetch the leaf again from AMD's key service, or ask the provider for a new VLEK; check the verifier's clock."),
        Row(
            CheckId.CertificatesMatchProfile,
            "Profile of the certificates",
            "Every certificate is strict DER with AMD's names, CA flags, path length and key usage for its role.",
            "A certificate made for another purpose must not pass for a link of this chain.",
            Profile,
            "Send the certificates as AMD's key service gives them; the detail names the field at fault."),
        Row(
            CheckId.LeafKeyIsP384,
            "Key of the leaf",
            "The leaf's key is an uncompressed point on the named curve P-384.",
            "Other curves or parameters of one's own would let a forger choose the mathematics.",
            "AMD 57230; RFC 5480",
            "Send the leaf as AMD's key service gives it."),
        Row(
            CheckId.CertificatesAreNotRevoked,
            "Revocation",
            "Every revocation list at hand is current and signed by the root, and none names the intermediate.",
            "AMD can withdraw an intermediate; an old or foreign list could hide that.",
            "RFC 5280, section 5; AMD 57230",
            "Fetch a fresh list from AMD's key service and send it along; a named intermediate is not to be trusted again.",
            optional: true),
        Row(
            CheckId.ProductIsConsistent,
            "Product line",
            "CPU family and model, issuer name, product name and structure version name one product line.",
            "Product lines have roots and TCB layouts of their own; a mix would be read wrongly.",
            "AMD 57230; CPUID values of the report from version 3 on",
            "Send the leaf and intermediate of the machine that made the report."),
        Row(
            CheckId.KeyKindIsConsistent,
            "Kind of key",
            "SIGNING_KEY, leaf, issuer and the leaf's extensions agree on VCEK or VLEK.",
            "A VLEK belongs to a cloud provider and not to a chip: taking one for the other changes what is proven.",
            "AMD 56860, KEY_INFO.SIGNING_KEY; AMD 57230",
            "Send the certificate of the kind that the report names."),
        Row(
            CheckId.CertificateTableIsWellFormed,
            "Certificate table",
            "A certificate table has entries inside its bounds that do not overlap, each GUID once, and its end mark.",
            "Offsets and lengths come from the host and must not be believed.",
            "AMD 56421, extended guest request",
            "Send the table as the host gave it, or the certificates one by one.",
            optional: true),
        Row(
            CheckId.CertificateExtensionsAreKnown,
            "Extensions of the certificates",
            "No certificate has an unknown critical extension or an extension twice, and AMD's are each present exactly once.",
            "An extension that is doubled, missing or not understood leaves open what the certificate says.",
            "AMD 57230; RFC 5280, section 4.2",
            "Send the certificates as AMD's key service gives them."),
    ];

    private static CheckRule Row(CheckId id, string title, string mustHold, string why, string source, string remedy, bool optional = false) =>
        new(id, CheckStage.Certificates, optional, title, mustHold, why, source, remedy);
}
