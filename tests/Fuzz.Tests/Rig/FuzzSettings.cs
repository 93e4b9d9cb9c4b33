using System.Globalization;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>What the environment asks of a run.</summary>
internal sealed record FuzzSettings
{
    private const double DefaultSeconds = 1;

    /// <summary>VERIFIER_FUZZ_SECONDS: how long each target is tried; without it just long enough to see that the rig runs.</summary>
    public double Seconds { get; init; } = DefaultSeconds;

    /// <summary>VERIFIER_FUZZ_START: the first seed. Default: 1, or one of the clock's when a time was asked for.</summary>
    public int Start { get; init; } = 1;

    /// <summary>VERIFIER_FUZZ_SEED: the lineage of the one mutant to try.</summary>
    public Lineage? Only { get; init; }

    /// <summary>VERIFIER_FUZZ_INPUT: a file, the one input to try.</summary>
    public string? Input { get; init; }

    /// <summary>VERIFIER_FUZZ_FIGURES: a folder for the figures of each target. With it, an input that is slow again and again is a finding.</summary>
    public string? Figures { get; init; }

    /// <summary>VERIFIER_FUZZ_KEEP: any value writes what is worth keeping into <c>corpus</c>.</summary>
    public bool Keeps { get; init; }

    /// <summary>Where inputs lie that found something. Not in the folder for temporary files, which ends with the run.</summary>
    public string Folder => Figures ?? Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetTempPath()))!, "verifier-fuzz");

    public static FuzzSettings Read()
    {
        string? seconds = Text("SECONDS");
        return new FuzzSettings
        {
            Seconds = seconds is null ? DefaultSeconds : double.Parse(seconds, CultureInfo.InvariantCulture),
            Start = Text("START") is { } start ? int.Parse(start, CultureInfo.InvariantCulture) : seconds is null ? 1 : Environment.TickCount & 0x3FFF_FFFF,
            Only = Text("SEED") is { } lineage ? Lineage.Parse(lineage) : null,
            Input = Text("INPUT"),
            Figures = Text("FIGURES"),
            Keeps = Text("KEEP") is not null,
        };
    }

    private static string? Text(string name) => Environment.GetEnvironmentVariable($"VERIFIER_FUZZ_{name}") is { Length: > 0 } text ? text : null;
}
