namespace Verifier.Fuzz.Tests.Rig;

/// <summary>One of several formats that a target tries.</summary>
/// <param name="Name">For the kinds of outcome.</param>
/// <param name="Seeds">Good examples.</param>
/// <param name="Mutate">Changes one; borrows from the others.</param>
/// <param name="Try">Reads one and checks what came of it; returns the kind of outcome.</param>
internal sealed record Format(string Name, IReadOnlyList<byte[]> Seeds, Func<Random, byte[], IReadOnlyList<byte[]>, byte[]> Mutate, Func<byte[], Meter, string> Try);

/// <summary>A target of several formats: the first byte of an input says which, and stays.</summary>
internal abstract class FormatTarget : FuzzTarget
{
    private IReadOnlyList<byte[]>? _origins;

    public abstract IReadOnlyList<Format> Formats { get; }

    public override IReadOnlyList<byte[]> Origins => _origins ??= [.. Formats.SelectMany((f, i) => f.Seeds.Select(s => (byte[])[(byte)i, .. s]))];

    public override byte[] Mutate(Random random, byte[] input)
    {
        Format format = Of(input);
        return [input.Length == 0 ? (byte)0 : input[0], .. format.Mutate(random, input.Length == 0 ? [] : input[1..], format.Seeds)];
    }

    public override string Try(byte[] input, Meter meter)
    {
        Format format = Of(input);
        byte[] content = input.Length == 0 ? [] : meter.Aside(() => input[1..]);
        return $"{format.Name}: {format.Try(content, meter)}";
    }

    private Format Of(byte[] input) => Formats[input.Length == 0 ? 0 : input[0] % Formats.Count];
}
