namespace SevSnp.Igvm;

/// <summary>What becomes of rules that the reference parsers do not hold themselves to.</summary>
public enum IgvmStrictness
{
    /// <summary>Such a fault is a warning.</summary>
    Lenient = 0,

    /// <summary>Such a fault is a refusal, except for padding bytes that are not zero, as igvm-tooling writes them: a warning.</summary>
    StrictButPadding = 1,

    /// <summary>Such a fault is a refusal.</summary>
    Strict = 2,
}

/// <summary>How heavy a fault is.</summary>
public enum IgvmSeverity
{
    /// <summary>The reference parsers refuse the file (R): always refused.</summary>
    Refused = 0,

    /// <summary>A reference parser panics or hangs (P!): always refused.</summary>
    Crashing = 1,

    /// <summary>The reference parsers accept the file, although the format or a loader forbids it (S): see <see cref="IgvmStrictness"/>.</summary>
    Strict = 2,

    /// <summary>Like <see cref="Strict"/>, for padding bytes: a refusal only in <see cref="IgvmStrictness.Strict"/>.</summary>
    Padding = 3,

    /// <summary>More than <see cref="IgvmLimits"/> allow: always refused.</summary>
    Limit = 4,
}
