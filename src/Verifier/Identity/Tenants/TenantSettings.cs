namespace Verifier.Service.Identity.Tenants;

/// <summary>What a tenant decides for itself. A tenant that never decided anything has these.</summary>
internal sealed record TenantSettings
{
    public static TenantSettings Default { get; } = new();

    /// <summary>Whether anyone, from anywhere and without an identity, may have evidence judged and get challenges.</summary>
    public bool OpenToAnyone { get; init; }

    /// <summary>Whether even a caller on the same machine must show an identity to have evidence judged.</summary>
    public bool VerifyNeedsIdentity { get; init; }

    /// <summary>Whether what one identity registers must be activated by another.</summary>
    public bool RequireApproval { get; init; }

    /// <summary>Whether result tokens name the chip, which tells a machine apart from every other.</summary>
    public bool IncludeChipId { get; init; }
}
