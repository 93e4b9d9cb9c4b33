namespace SevSnp.Explanation;

/// <summary>One reason why a guest was refused, and what it means for the launch. It explains a verdict and never decides one.</summary>
/// <param name="Id">Stable name, see docs/explanations.md.</param>
/// <param name="Text">For a reader, without a full stop.</param>
/// <param name="ReferenceName">The reference value that it is about, or null.</param>
public sealed record Cause(string Id, string Text, string? ReferenceName = null);
