using System.Security.Cryptography;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>What went wrong: each of its kind once, with the lineage that repeats it and the bytes in a file.</summary>
internal sealed class Findings(string folder, string target)
{
    private const int Most = 20;
    private const int MostShown = 1536;

    private readonly Dictionary<string, string> _byKind = [];

    public IEnumerable<string> All => _byKind.Values;

    public void Add(string kind, string text, byte[] input, Lineage? lineage)
    {
        if (_byKind.Count >= Most || _byKind.ContainsKey(kind))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}.bin");
        File.WriteAllBytes(file, input);
        string repeat = lineage is null ? "" : $"VERIFIER_FUZZ_SEED={lineage} or ";
        string bytes = input.Length <= MostShown ? $": {Convert.ToBase64String(input)}" : "";
        _byKind.Add(kind, $"{target}: {text}\n  {repeat}VERIFIER_FUZZ_INPUT={file} repeats it ({input.Length} bytes{bytes})");
    }
}
