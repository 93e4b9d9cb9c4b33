namespace SevSnp.Launch;

/// <summary>The kind of key that endorses a report (KEY_INFO.SIGNING_KEY).</summary>
public enum KeyKind
{
    /// <summary>No key: the report is not signed.</summary>
    None = 0,

    /// <summary>Versioned chip endorsement key: one per chip and TCB, issued by AMD's SEV signing key (ASK).</summary>
    Vcek = 1,

    /// <summary>Versioned loaded endorsement key: given by AMD to a cloud provider, issued by the SEV-VLEK signing key (ASVK).</summary>
    Vlek = 2,
}
