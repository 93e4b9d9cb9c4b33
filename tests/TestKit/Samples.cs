namespace Verifier.TestKit;

/// <summary>The simulated evidence that is part of the repository, folder <c>samples</c>.</summary>
public static class Samples
{
    /// <summary>The path of one file.</summary>
    /// <param name="name">For example <c>report.bin</c>.</param>
    /// <returns>The path.</returns>
    public static string Path(string name) => RepositoryRoot.Combine("samples", name);

    /// <summary>Reads one file.</summary>
    /// <param name="name">For example <c>report.bin</c>.</param>
    /// <returns>Its content.</returns>
    public static byte[] Read(string name) => File.ReadAllBytes(Path(name));
}
