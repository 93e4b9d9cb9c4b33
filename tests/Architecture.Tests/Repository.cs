namespace Verifier.Architecture.Tests;

/// <summary>The checkout these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The folders of all projects, relative to the root.</summary>
    public static IEnumerable<string> Projects =>
        Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Where(IsSource).Select(Relative).Order(StringComparer.Ordinal);

    /// <summary>C# files below a folder, without what the build writes.</summary>
    public static IEnumerable<SourceFile> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(IsSource).Order(StringComparer.Ordinal).Select(f => new SourceFile(Relative(f), File.ReadAllText(f)));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsSource(string path)
    {
        string[] parts = Relative(path).Split('/');
        return !parts.Contains("obj") && !parts.Contains("bin") && !parts.Contains("node_modules");
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Verifier.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Verifier.sln was not found above the test assembly.");
    }
}

/// <summary>One file; the path is relative to the root, with forward slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The folder below <c>src/PROJECT</c>, empty for files directly in it: <c>Storage/Redis</c>.</summary>
    public string Folder => string.Join('/', Path.Split('/').Skip(2).SkipLast(1));

    public int Lines => Text.Count(c => c == '\n');
}
