using System.Globalization;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>
/// How a mutant came to be: the origin's number and the seed of each change, as in <c>3:17.42</c>. It repeats the mutant in any process,
/// also when the keys that sign evidence are others.
/// </summary>
internal sealed record Lineage(int Origin, IReadOnlyList<int> Seeds)
{
    public Lineage Then(int seed) => this with { Seeds = [.. Seeds, seed] };

    public byte[] Make(FuzzTarget target, IReadOnlyList<byte[]> origins) =>
        Seeds.Aggregate(origins[Origin], (input, seed) => target.Mutate(new Random(seed), input));

    public static Lineage Parse(string text)
    {
        string[] parts = text.Split(':');
        return new Lineage(Number(parts[0]), [.. parts[1].Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Number)]);
    }

    public override string ToString() => $"{Origin}:{string.Join('.', Seeds)}";

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
