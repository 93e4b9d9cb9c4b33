namespace SevSnp.Results;

/// <summary>A trustworthiness claim of AR4SI. The number is the claim's label in CBOR.</summary>
public enum TrustClaim
{
    /// <summary>Which machine or release this is.</summary>
    InstanceIdentity = 0,

    /// <summary>How guest and platform are set up.</summary>
    Configuration = 1,

    /// <summary>What was launched.</summary>
    Executables = 2,

    /// <summary>Files; nothing in an SEV-SNP report speaks of them.</summary>
    FileSystem = 3,

    /// <summary>The processor and its firmware.</summary>
    Hardware = 4,

    /// <summary>Whether memory is hidden from outside.</summary>
    RuntimeOpaque = 5,

    /// <summary>Whether storage is hidden from outside; nothing in an SEV-SNP report speaks of it.</summary>
    StorageOpaque = 6,

    /// <summary>Data from elsewhere; nothing in an SEV-SNP report speaks of it.</summary>
    SourcedData = 7,
}

/// <summary>The text names of <see cref="TrustClaim"/>.</summary>
public static class TrustClaims
{
    /// <summary>All claims, in the order of their labels.</summary>
    public static IReadOnlyList<TrustClaim> All { get; } = Array.AsReadOnly(Enum.GetValues<TrustClaim>());

    /// <summary>The key in an attestation result, for example <c>instance-identity</c>.</summary>
    /// <param name="claim">A claim.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such claim.</exception>
    public static string WireName(this TrustClaim claim) => claim switch
    {
        TrustClaim.InstanceIdentity => "instance-identity",
        TrustClaim.Configuration => "configuration",
        TrustClaim.Executables => "executables",
        TrustClaim.FileSystem => "file-system",
        TrustClaim.Hardware => "hardware",
        TrustClaim.RuntimeOpaque => "runtime-opaque",
        TrustClaim.StorageOpaque => "storage-opaque",
        TrustClaim.SourcedData => "sourced-data",
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "There is no such claim."),
    };
}
