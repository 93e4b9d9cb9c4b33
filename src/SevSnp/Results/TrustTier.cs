namespace SevSnp.Results;

/// <summary>How far something is to be trusted (AR4SI, trustworthiness tiers). A greater number is worse.</summary>
public enum TrustTier
{
    /// <summary>Nothing is said. Not to be taken for trust.</summary>
    None = 0,

    /// <summary>What was looked at is as it should be.</summary>
    Affirming = 2,

    /// <summary>Something is doubtful: the relying party must decide.</summary>
    Warning = 32,

    /// <summary>Not to be trusted.</summary>
    Contraindicated = 96,
}

/// <summary>The text names of <see cref="TrustTier"/>, and the tier of a claim's value.</summary>
public static class TrustTiers
{
    private const sbyte LastWithoutTier = 1;
    private const sbyte LastAffirming = 31;
    private const sbyte LastWarning = 95;

    /// <summary>
    /// The tier of a value: -1 to 1 none; to 31 and -32 affirming; to 95 and -96 warning; beyond contraindicated. Negative values are
    /// outside AR4SI's list and sorted alike.
    /// </summary>
    /// <param name="value">A value of a trustworthiness claim.</param>
    /// <returns>The tier.</returns>
    public static TrustTier Of(sbyte value)
    {
        // -2 stands beside 2, but -32 beside 31: the negative ranges reach one further.
        int distance = value < -1 ? -(value + 1) : value;
        return distance switch
        {
            -1 or 0 => TrustTier.None,
            LastWithoutTier when value > 0 => TrustTier.None,
            <= LastAffirming => TrustTier.Affirming,
            <= LastWarning => TrustTier.Warning,
            _ => TrustTier.Contraindicated,
        };
    }

    /// <summary>The word in an attestation result: <c>none</c>, <c>affirming</c>, <c>warning</c> or <c>contraindicated</c>.</summary>
    /// <param name="tier">A tier.</param>
    /// <returns>The word.</returns>
    public static string WireName(this TrustTier tier) => tier switch
    {
        TrustTier.None => "none",
        TrustTier.Affirming => "affirming",
        TrustTier.Warning => "warning",
        _ => "contraindicated",
    };
}
