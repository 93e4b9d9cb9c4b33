namespace SevSnp.Results;

/// <summary>The values of AR4SI that are used here. What one means depends on the claim; see docs/results.md.</summary>
internal static class TrustValues
{
    public const sbyte NoClaim = 0;

    /// <summary>Recognised, approved, genuine, encrypted: the best that each claim can be.</summary>
    public const sbyte Good = 2;

    /// <summary>Configuration: no known weakness. Executables: approved as far as they were loaded at boot.</summary>
    public const sbyte GoodAtBoot = 3;

    /// <summary>Known weaknesses.</summary>
    public const sbyte Weak = 32;

    /// <summary>Executables that are not recognised.</summary>
    public const sbyte NotRecognisedExecutables = 33;

    /// <summary>Something that matters cannot be seen by the verifier.</summary>
    public const sbyte NotVisible = 36;

    /// <summary>Not acceptable.</summary>
    public const sbyte Contraindicated = 96;

    /// <summary>Not recognised, although it should be.</summary>
    public const sbyte NotRecognised = 97;

    /// <summary>A signature or a certificate does not hold.</summary>
    public const sbyte CryptographyFailed = 99;
}
