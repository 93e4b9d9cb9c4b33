namespace SevSnp.Policies;

/// <summary>What one stated constraint found in one verified report.</summary>
/// <param name="Holds">True when the constraint is met.</param>
/// <param name="Expected">What was demanded.</param>
/// <param name="Actual">What the report shows.</param>
/// <param name="Detail">Why, for a reader; null when expected and actual say it all.</param>
internal sealed record Finding(bool Holds, string Expected, string Actual, string? Detail = null);
