using System.Text.Json;
using Verifier.TestKit;

namespace SevSnp.Tests.Crypto;

/// <summary>One case of a Wycheproof file for ECDSA P-384 with SHA-384.</summary>
internal sealed record WycheproofCase(int Id, string Comment, byte[] PublicKey, byte[] Message, byte[] Signature, bool IsValid)
{
    public override string ToString() => $"case {Id} ({Comment})";
}

/// <summary>Reads the Wycheproof files among the vectors.</summary>
internal static class Wycheproof
{
    public static IReadOnlyList<WycheproofCase> P1363() => Read("ecdsa_secp384r1_sha384_p1363_test.json", 280);

    public static IReadOnlyList<WycheproofCase> Der() => Read("ecdsa_secp384r1_sha384_test.json", 504);

    // The number is checked against the file's own, so that a cut file cannot pass as a run.
    private static List<WycheproofCase> Read(string file, int expected)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("wycheproof", file)));
        List<WycheproofCase> cases = [];
        foreach (JsonElement group in json.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            byte[] key = Hex(group.GetProperty("publicKey").GetProperty("uncompressed"));
            cases.AddRange(group.GetProperty("tests").EnumerateArray().Select(test => new WycheproofCase(
                test.GetProperty("tcId").GetInt32(),
                test.GetProperty("comment").GetString() ?? "",
                key,
                Hex(test.GetProperty("msg")),
                Hex(test.GetProperty("sig")),
                IsValid(test.GetProperty("result").GetString()))));
        }

        Assert.Equal(expected, cases.Count);
        Assert.Equal(json.RootElement.GetProperty("numberOfTests").GetInt32(), cases.Count);
        return cases;
    }

    private static byte[] Hex(JsonElement text) => Convert.FromHexString(text.GetString() ?? "");

    private static bool IsValid(string? result) => result switch
    {
        "valid" => true,
        "invalid" => false,
        _ => throw new InvalidDataException($"Unknown result {result}."),
    };
}
