namespace Verifier.Service.Tokens;

/// <summary>What a tenant wants in the results about its guests.</summary>
/// <param name="IncludeChipId">Whether CHIP_ID is told.</param>
internal sealed record TokenSettings(bool IncludeChipId);
