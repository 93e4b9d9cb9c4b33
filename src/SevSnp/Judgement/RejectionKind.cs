namespace SevSnp.Judgement;

/// <summary>What kind of refusal a verdict is.</summary>
public enum RejectionKind
{
    /// <summary>The evidence is not shown to come from genuine AMD hardware.</summary>
    NotAuthentic = 0,

    /// <summary>The evidence is authentic, and policy or registry refuse it.</summary>
    Refused = 1,

    /// <summary>Not refused.</summary>
    None = 2,
}
