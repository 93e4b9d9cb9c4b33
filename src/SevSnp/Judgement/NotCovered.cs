namespace SevSnp.Judgement;

/// <summary>What no verifier can see in a report, said in every verdict.</summary>
internal static class NotCovered
{
    public static IReadOnlyList<string> Threats { get; } = Array.AsReadOnly<string>(
    [
        "Physical attacks on the machine, such as interposers on the memory bus.",
        "Keys already taken out of a chip: whoever holds them can sign any report.",
        "What happened in the guest after it made the report.",
        "Software that the guest loaded later and that its launch measurement does not contain.",
        "Use of the same evidence twice, unless the caller keeps nonces or evidence ids.",
    ]);
}
