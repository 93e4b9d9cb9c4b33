namespace SevSnp.Certificates;

/// <summary>The part a certificate plays in AMD's hierarchy, told by its subject name.</summary>
public enum CertificateRole
{
    /// <summary>Not one of AMD's.</summary>
    None = 0,

    /// <summary>AMD root key (ARK), one per product line.</summary>
    Ark = 1,

    /// <summary>AMD SEV signing key (ASK), issuer of VCEKs.</summary>
    Ask = 2,

    /// <summary>AMD SEV-VLEK signing key (ASVK), issuer of VLEKs.</summary>
    Asvk = 3,

    /// <summary>Versioned chip endorsement key.</summary>
    Vcek = 4,

    /// <summary>Versioned loaded endorsement key.</summary>
    Vlek = 5,
}
