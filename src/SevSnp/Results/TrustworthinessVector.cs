namespace SevSnp.Results;

/// <summary>The trustworthiness claims of one guest (AR4SI), each from -128 to 127; 0 means that nothing is claimed.</summary>
public sealed class TrustworthinessVector
{
    private readonly sbyte[] _values;

    private TrustworthinessVector(sbyte[] values) => _values = values;

    /// <summary>The value of a claim.</summary>
    /// <param name="claim">A claim.</param>
    public sbyte this[TrustClaim claim] => _values[(int)claim];

    /// <summary>The claims that are made, in the order of their labels.</summary>
    public IEnumerable<(TrustClaim Claim, sbyte Value)> Made =>
        TrustClaims.All.Select(claim => (claim, this[claim])).Where(made => made.Item2 != TrustValues.NoClaim);

    /// <summary>The worst tier of the claims that are made; <see cref="TrustTier.None"/> when there is none.</summary>
    public TrustTier Tier => Made.Select(made => TrustTiers.Of(made.Value)).DefaultIfEmpty(TrustTier.None).Max();

    /// <summary>Nothing is claimed.</summary>
    internal static TrustworthinessVector Empty { get; } = new(new sbyte[TrustClaims.All.Count]);

    /// <summary>A signature or a certificate does not hold: that is said of every claim, since none can be made.</summary>
    internal static TrustworthinessVector CryptographyFailed { get; } =
        new([.. Enumerable.Repeat(TrustValues.CryptographyFailed, TrustClaims.All.Count)]);

    internal TrustworthinessVector With(TrustClaim claim, sbyte value)
    {
        sbyte[] values = [.. _values];
        values[(int)claim] = value;
        return new TrustworthinessVector(values);
    }

    /// <summary>The same with one claim lowered to a value, unless it is as bad already.</summary>
    internal TrustworthinessVector Worsened(TrustClaim claim, sbyte value) =>
        TrustTiers.Of(value) > TrustTiers.Of(this[claim]) || (TrustTiers.Of(value) == TrustTiers.Of(this[claim]) && value > this[claim]) ? With(claim, value) : this;
}
