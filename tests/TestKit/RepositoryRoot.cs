namespace Verifier.TestKit;

/// <summary>Where the repository lies on this machine: the folder with Verifier.sln above the running test.</summary>
public static class RepositoryRoot
{
    /// <summary>The absolute path.</summary>
    public static string Path { get; } = Find();

    /// <summary>The absolute path of something inside the repository.</summary>
    /// <param name="parts">Folders and file, relative to the root.</param>
    /// <returns>The path.</returns>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Verifier.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Verifier.sln above {AppContext.BaseDirectory}.");
    }
}
