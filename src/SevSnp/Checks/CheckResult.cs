namespace SevSnp.Checks;

/// <summary>How a check came out. The zero value is the safe one.</summary>
public enum CheckStatus
{
    /// <summary>It does not hold.</summary>
    Failed = 0,

    /// <summary>It holds.</summary>
    Passed = 1,

    /// <summary>Nothing demanded it, or it does not apply to this evidence; <see cref="CheckResult.Detail"/> says which.</summary>
    NotRequired = 2,

    /// <summary>It could not be made because an earlier check failed. Never counts as holding.</summary>
    NotEvaluated = 3,
}

/// <summary>The outcome of one check.</summary>
/// <param name="Id">The check.</param>
/// <param name="Status">How it came out.</param>
/// <param name="Expected">What was demanded, in words or digits; null when there is nothing to say.</param>
/// <param name="Actual">What the evidence shows; null when there is nothing to say.</param>
/// <param name="Detail">Why, for a reader; null when expected and actual say it all.</param>
public sealed record CheckResult(CheckId Id, CheckStatus Status, string? Expected = null, string? Actual = null, string? Detail = null)
{
    /// <summary>A check that holds.</summary>
    /// <param name="id">The check.</param>
    /// <param name="actual">What the evidence shows.</param>
    /// <param name="expected">What was demanded.</param>
    /// <returns>The result.</returns>
    public static CheckResult Passed(CheckId id, string? actual = null, string? expected = null) => new(id, CheckStatus.Passed, expected, actual);

    /// <summary>A check that does not hold.</summary>
    /// <param name="id">The check.</param>
    /// <param name="expected">What was demanded.</param>
    /// <param name="actual">What the evidence shows.</param>
    /// <param name="detail">Why, for a reader.</param>
    /// <returns>The result.</returns>
    public static CheckResult Failed(CheckId id, string expected, string? actual, string? detail = null) => new(id, CheckStatus.Failed, expected, actual, detail);

    /// <summary>A check that nothing demanded.</summary>
    /// <param name="id">The check.</param>
    /// <param name="detail">Why it was not required.</param>
    /// <param name="actual">What the evidence shows.</param>
    /// <returns>The result.</returns>
    public static CheckResult NotRequired(CheckId id, string detail, string? actual = null) => new(id, CheckStatus.NotRequired, null, actual, detail);

    /// <summary>A check that could not be made.</summary>
    /// <param name="id">The check.</param>
    /// <param name="detail">Which earlier failure prevented it.</param>
    /// <returns>The result.</returns>
    public static CheckResult NotEvaluated(CheckId id, string detail) => new(id, CheckStatus.NotEvaluated, null, null, detail);
}
