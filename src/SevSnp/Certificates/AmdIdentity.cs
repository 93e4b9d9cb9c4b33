using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>Who a common name of AMD's hierarchy stands for. Leaves do not name their product line; their issuer does.</summary>
internal readonly record struct AmdIdentity(CertificateRole Role, ProductLine Product)
{
    /// <summary>Reads a common name; the default value stands for any other text.</summary>
    public static AmdIdentity FromCommonName(string commonName)
    {
        switch (commonName)
        {
            case "SEV-VCEK":
                return new AmdIdentity(CertificateRole.Vcek, ProductLine.Unknown);
            case "SEV-VLEK":
                return new AmdIdentity(CertificateRole.Vlek, ProductLine.Unknown);
        }

        foreach (ProductLine product in ProductLines.All)
        {
            foreach (CertificateRole role in (CertificateRole[])[CertificateRole.Ark, CertificateRole.Ask, CertificateRole.Asvk])
            {
                if (commonName == CommonName(role, product))
                {
                    return new AmdIdentity(role, product);
                }
            }
        }

        return default;
    }

    /// <summary>The common name of an authority, for example <c>SEV-VLEK-Genoa</c>.</summary>
    public static string CommonName(CertificateRole role, ProductLine product) => role switch
    {
        CertificateRole.Ark => $"ARK-{product}",
        CertificateRole.Ask => $"SEV-{product}",
        CertificateRole.Asvk => $"SEV-VLEK-{product}",
        CertificateRole.Vcek => "SEV-VCEK",
        CertificateRole.Vlek => "SEV-VLEK",
        _ => "none",
    };
}

/// <summary>Who issues whom.</summary>
internal static class CertificateRoles
{
    public static CertificateRole Issuer(this CertificateRole role) => role switch
    {
        CertificateRole.Vcek => CertificateRole.Ask,
        CertificateRole.Vlek => CertificateRole.Asvk,
        CertificateRole.Ask or CertificateRole.Asvk or CertificateRole.Ark => CertificateRole.Ark,
        _ => CertificateRole.None,
    };

    public static bool IsLeaf(this CertificateRole role) => role is CertificateRole.Vcek or CertificateRole.Vlek;

    public static CertificateRole LeafRole(this KeyKind kind) => kind switch
    {
        KeyKind.Vcek => CertificateRole.Vcek,
        KeyKind.Vlek => CertificateRole.Vlek,
        _ => CertificateRole.None,
    };

    /// <summary>The role as AMD writes it, in capitals.</summary>
    public static string Name(this CertificateRole role) => role.ToString().ToUpperInvariant();
}
