using System.Text.Json;

namespace Verifier.TestKit;

/// <summary>
/// The real reports and certificates, which are AMD's and so never in this repository. They are read from the folder that the
/// environment variable VERIFIER_VECTORS names, else from <c>../shared/vectors</c> beside the repository.
/// </summary>
public static class Vectors
{
    private const string Absent = "(no vectors)";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Lazy<IReadOnlyList<SnpVector>> LazySnp = new(() =>
        JsonSerializer.Deserialize<List<SnpVector>>(File.ReadAllBytes(Path("snp", "expected.json")), Json) ?? []);

    /// <summary>The folder of all vectors, there or not.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>True when the vectors are on this machine. <c>Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason)</c>.</summary>
    public static bool IsPresent => File.Exists(Path("snp", "expected.json"));

    /// <summary>What a skipped test says.</summary>
    public static string SkipReason => $"SKIPPED, NOT PASSED: no real vectors in {Root}. Set VERIFIER_VECTORS to their folder.";

    /// <summary>The entries of <c>snp/expected.json</c>.</summary>
    public static IReadOnlyList<SnpVector> Snp => LazySnp.Value;

    /// <summary>
    /// Names of the entries of <see cref="Snp"/>, for theories. One placeholder when the vectors are not there, so that the test
    /// runs and skips itself with <see cref="SkipReason"/>.
    /// </summary>
    public static IReadOnlyList<string> SnpNames => IsPresent ? [.. Snp.Select(v => v.Name)] : [Absent];

    /// <summary>Names of the entries that have a report.</summary>
    public static IReadOnlyList<string> SnpReportNames => IsPresent ? [.. Snp.Where(v => v.Report is not null).Select(v => v.Name)] : [Absent];

    /// <summary>The path of a file or folder among the vectors.</summary>
    /// <param name="parts">Folders and file, relative to <see cref="Root"/>.</param>
    /// <returns>The path.</returns>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>One entry by <see cref="SnpVector.Name"/>.</summary>
    /// <param name="name">For example <c>milan-v3-idblock</c>.</param>
    /// <returns>The entry.</returns>
    public static SnpVector SnpByName(string name) => Snp.Single(v => v.Name == name);

    private static string FindRoot() => Environment.GetEnvironmentVariable("VERIFIER_VECTORS") is { Length: > 0 } folder
        ? System.IO.Path.GetFullPath(folder)
        : System.IO.Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "vectors"));
}
