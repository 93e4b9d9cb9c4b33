namespace SevSnp.Igvm;

/// <summary>How to read an IGVM file.</summary>
public sealed record IgvmReadOptions
{
    /// <summary>What becomes of rules that the reference parsers do not hold themselves to.</summary>
    public IgvmStrictness Strictness { get; init; } = IgvmStrictness.Lenient;

    /// <summary>How much the file may ask for.</summary>
    public IgvmLimits Limits { get; init; } = IgvmLimits.Format;

    /// <summary>Lenient, with the limits of the format.</summary>
    public static IgvmReadOptions Default { get; } = new();
}
