using System.Text.RegularExpressions;
using Verifier.Fuzz.Tests.Mutators;
using Xunit.Sdk;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>The rig finds what it looks for, and what it names repeats it.</summary>
public sealed partial class FuzzDriverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-rig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NothingWrong_IsNoFinding() => Assert.True(Run(_ => "fine").Tried >= 300);

    [Theory]
    [InlineData("crash")]
    [InlineData("false accept")]
    [InlineData("memory")]
    [InlineData("time")]
    public void WhatGoesWrong_IsNamedSoThatItCanBeRepeated(string what)
    {
        string found = Assert.Throws<XunitException>(() => Run(input => Spoil(what, input))).Message;

        Lineage lineage = Lineage.Parse(Seed().Match(found).Groups[1].Value);
        Assert.NotEmpty(lineage.Seeds);
        Assert.Throws<XunitException>(() => Run(input => Spoil(what, input), new FuzzSettings { Figures = _folder, Only = lineage }));
        Assert.Throws<XunitException>(() => Run(input => Spoil(what, input), new FuzzSettings { Figures = _folder, Input = Input().Match(found).Groups[1].Value }));
    }

    [Fact]
    public void MutantsOfANewKind_AreChangedFurther()
    {
        // Each step must be reached from the one before: at random eight bytes are never right.
        byte[] word = [0, 0, 0, 0, 0, 0, 0, 0];
        FuzzFigures figures = new();
        for (double seconds = 2; figures.Kinds < 8 && seconds < 100; seconds *= 3)
        {
            figures = Run(input => $"{input.Zip(word).TakeWhile(p => p.First == p.Second).Count()} right", new FuzzSettings { Figures = _folder, Seconds = seconds });
        }

        Assert.True(figures.Kinds >= 8, $"{figures.Kinds} kinds");
    }

    [Fact]
    public void SameSeed_MakesTheSameMutants() =>
        Assert.Equal(Lengths(), Lengths());

    // As many mutants each time, however quick the machine is.
    private string[] Lengths() => [.. Run(i => $"{i.Length}", new FuzzSettings { Figures = _folder, Seconds = 0 }).ByKind.Select(k => k.Key)];

    private static string Spoil(string what, byte[] input)
    {
        if (input.Length != 7)
        {
            return "fine";
        }

        switch (what)
        {
            case "crash":
                throw new InvalidOperationException("spoilt");
            case "false accept":
                throw new FalseAcceptException("spoilt");
            case "memory":
                GC.KeepAlive(new byte[2 << 20]);
                return "large";
            default:
                for (TimeSpan end = Meter.ThreadTime() + TimeSpan.FromMilliseconds(60); Meter.ThreadTime() < end;)
                {
                }

                return "slow";
        }
    }

    private FuzzFigures Run(Func<byte[], string> act, FuzzSettings? settings = null) =>
        new FuzzDriver(new Fake(act), settings ?? new FuzzSettings { Figures = _folder, Seconds = 0.1 }).Run();

    [GeneratedRegex("VERIFIER_FUZZ_SEED=([0-9:.]+)")]
    private static partial Regex Seed();

    [GeneratedRegex("VERIFIER_FUZZ_INPUT=(\\S+)")]
    private static partial Regex Input();

    private sealed class Fake(Func<byte[], string> act) : FuzzTarget
    {
        public override string Name => "fake";

        public override int FewestKinds => 1;

        public override IReadOnlyList<byte[]> Origins => [[1, 2, 3, 4, 5, 6, 7, 8]];

        public override byte[] Mutate(Random random, byte[] input) => ByteMutator.Mutate(random, input, 1);

        public override string Try(byte[] input, Meter meter) => act(input);
    }
}
