namespace SevSnp.Checks;

/// <summary>What part of judging a check belongs to.</summary>
public enum CheckStage
{
    /// <summary>The bytes of the report: C1 to C9.</summary>
    Format = 0,

    /// <summary>The certificates: C10 to C19.</summary>
    Certificates = 1,

    /// <summary>The report's signature, and report against certificate: C20 to C23.</summary>
    Binding = 2,

    /// <summary>The report's content, by policy, registry and request: C24 to C48.</summary>
    Content = 3,
}

/// <summary>One row of the check table: what must hold, why, and what to do when it does not.</summary>
/// <param name="Id">The check.</param>
/// <param name="Stage">The part of judging it belongs to.</param>
/// <param name="IsOptional">True when <see cref="CheckStatus.NotRequired"/> counts as holding.</param>
/// <param name="Title">A few words for a list.</param>
/// <param name="MustHold">What must hold, in one sentence.</param>
/// <param name="Why">Why it must, in one sentence.</param>
/// <param name="Source">Where the rule comes from.</param>
/// <param name="Remedy">What to do when it fails, in one sentence.</param>
public sealed record CheckRule(
    CheckId Id,
    CheckStage Stage,
    bool IsOptional,
    string Title,
    string MustHold,
    string Why,
    string Source,
    string Remedy)
{
    /// <summary>The number in the check list, for example <c>C22</c>.</summary>
    public string Number => $"C{(int)Id}";

    /// <summary>The stable name, for example <c>CHIP_ID_MATCHES_CERTIFICATE</c>.</summary>
    public string Name => Id.WireName();

    /// <summary>Tells whether a status counts as holding for this check.</summary>
    /// <param name="status">The status.</param>
    /// <returns>True when passed, or not required and optional.</returns>
    public bool IsHeldBy(CheckStatus status) => status == CheckStatus.Passed || (IsOptional && status == CheckStatus.NotRequired);
}
