using System.Security.Cryptography;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>Inputs that reached something once, kept in the repository: the smallest for each kind of outcome. All are made by this rig.</summary>
internal static class Corpus
{
    private const int MostFiles = 24;
    private const int MostBytes = 4096;

    public static IReadOnlyList<byte[]> Read(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "corpus", name);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }

    /// <summary>Writes the folder of one target anew.</summary>
    public static void Write(string name, IEnumerable<byte[]> inputs)
    {
        string folder = RepositoryRoot.Combine("tests", "Fuzz.Tests", "corpus", name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (byte[] input in inputs.Where(i => i.Length <= MostBytes).OrderBy(i => i.Length).Take(MostFiles))
        {
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16] + ".bin"), input);
        }
    }
}
