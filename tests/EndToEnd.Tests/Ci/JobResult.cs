namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>What a job leaves behind for people and for later steps.</summary>
internal sealed record JobResult(int ExitCode, string Log, string Summary)
{
    /// <summary>What the runner blackens in logs.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Outputs for later steps, and files that are kept.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything that anyone can read of the job afterwards.</summary>
    public string Everything => string.Join('\n', [Log, Summary, .. Outputs.Values]);

    public void AssertSucceeded() => Assert.True(ExitCode == 0, Everything);

    public void AssertFailed(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"{ExitCode}: {Everything}");
        Assert.All(words, w => Assert.Contains(w, Log, StringComparison.Ordinal));
    }
}
