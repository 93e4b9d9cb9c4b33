namespace SevSnp.Policies.Documents;

/// <summary>What is wrong with a policy document, and where.</summary>
/// <param name="Path">The member, for example <c>tcb_floors[0].cpu</c>; empty for the document as a whole.</param>
/// <param name="Rule">The rule that was broken.</param>
public sealed record PolicyFault(string Path, string Rule)
{
    /// <summary>Path and rule.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Path.Length == 0 ? Rule : $"{Path}: {Rule}";
}
