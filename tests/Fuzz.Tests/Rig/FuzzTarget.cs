namespace Verifier.Fuzz.Tests.Rig;

/// <summary>What bytes are tried against, how they are changed, and what must hold whatever they are.</summary>
internal abstract class FuzzTarget
{
    /// <summary>What it is called in figures, and the name of its folder in <c>corpus</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes allocated for one input at most. What asserts and what simulates is not counted (<see cref="Meter.Aside"/>).</summary>
    public virtual long MostAllocated => 1 << 20;

    /// <summary>The same for an input of a length, where memory grows with it.</summary>
    public virtual long MostAllocatedFor(int length) => MostAllocated;

    /// <summary>Whether all work is done on the thread that tries, so that its processor time tells what an input costs.</summary>
    public virtual bool IsOnOneThread => true;

    /// <summary>Time for one input at most, taken four times; asked for in campaigns only.</summary>
    public virtual TimeSpan MostTime => TimeSpan.FromMilliseconds(50);

    /// <summary>Longest input worth a try.</summary>
    public virtual int MostBytes => 64 << 10;

    /// <summary>Kinds of outcome that some thousand mutants must reach: a mutator that only makes rubbish tests nothing.</summary>
    public abstract int FewestKinds { get; }

    /// <summary>Where mutation begins, the same in each process: a lineage counts on it.</summary>
    public abstract IReadOnlyList<byte[]> Origins { get; }

    /// <summary>Whether an input means the same in another process, so that it may be kept in <c>corpus</c>.</summary>
    public virtual bool IsKept => true;

    /// <summary>One mutant.</summary>
    /// <param name="random">The only source of chance.</param>
    /// <param name="input">What is changed; not to be written to.</param>
    public abstract byte[] Mutate(Random random, byte[] input);

    /// <summary>Tries an input. Throws when something that must hold does not.</summary>
    /// <returns>The kind of outcome: one of a bounded number of texts.</returns>
    public abstract string Try(byte[] input, Meter meter);

    /// <summary>A text without the numbers in it, so that there are only so many.</summary>
    protected static string Kind(string text)
    {
        Span<char> kept = stackalloc char[Math.Min(text.Length, 120)];
        int length = 0;
        bool isHex = false;
        for (int i = 0; i < kept.Length; i++)
        {
            isHex = char.IsAsciiHexDigit(text[i]) && (isHex || (i >= 2 && text[i - 1] == 'x' && text[i - 2] == '0'));
            if (!isHex && !char.IsAsciiDigit(text[i]))
            {
                kept[length++] = text[i];
            }
        }

        return new string(kept[..length]);
    }
}
