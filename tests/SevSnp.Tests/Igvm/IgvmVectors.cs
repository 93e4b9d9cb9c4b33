using System.Text.Json.Nodes;
using Verifier.TestKit;

namespace SevSnp.Tests.Igvm;

/// <summary>The IGVM vectors and their manifest.</summary>
public static class IgvmVectors
{
    private static readonly Lazy<JsonNode> Manifest = new(() => JsonNode.Parse(File.ReadAllBytes(Vectors.Path("igvm", "manifest.json")))!);

    public static bool IsPresent => File.Exists(Vectors.Path("igvm", "manifest.json"));

    public static IEnumerable<TheoryDataRow<string>> GoodNames() => Names("good");

    public static IEnumerable<TheoryDataRow<string>> MalformedNames() => Names("malformed");

    public static JsonNode Good(string file) => Find("good", file);

    public static JsonNode Malformed(string file) => Find("malformed", file);

    public static byte[] Bytes(string file) => File.ReadAllBytes(Vectors.Path(["igvm", .. file.Split('/')]));

    public static void SkipUnlessPresent() => Assert.SkipUnless(IsPresent, Vectors.SkipReason);

    // One placeholder when the vectors are not there, so that the tests run and skip themselves aloud.
    private static IEnumerable<TheoryDataRow<string>> Names(string list) => IsPresent
        ? Manifest.Value[list]!.AsArray().Select(v => new TheoryDataRow<string>(v!["file"]!.GetValue<string>()))
        : [new TheoryDataRow<string>("(no vectors)")];

    private static JsonNode Find(string list, string file) =>
        Manifest.Value[list]!.AsArray().Single(v => v!["file"]!.GetValue<string>() == file)!;
}
