using System.Globalization;
using System.Text.Json;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.TestKit;

namespace SevSnp.Tests.IdBlocks;

/// <summary>The ID blocks, keys and ID authentication pages of <c>vectors/firmware/manifest.json</c>.</summary>
internal static class IdBlockVectors
{
    private static readonly Lazy<JsonElement> LazyManifest = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("firmware", "manifest.json"))).RootElement);

    public static IReadOnlyList<string> BlockIds => Ids("idBlocks");

    public static IReadOnlyList<string> KeyIds => Ids("keys");

    public static IReadOnlyList<string> AuthIds => Ids("idAuth");

    public static JsonElement Block(string id) => Find("idBlocks", id);

    public static JsonElement Key(string id) => Find("keys", id);

    public static JsonElement Auth(string id) => Find("idAuth", id);

    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;

    /// <summary>The ID block that a vector's fields describe.</summary>
    public static IdBlock Create(JsonElement vector)
    {
        Assert.True(Digest384.TryParse(vector.Text("launchDigest"), out Digest384 measurement));
        Assert.True(HexBytes.TryParse(vector.Text("familyId"), 16, out HexBytes? family));
        Assert.True(HexBytes.TryParse(vector.Text("imageId"), 16, out HexBytes? image));
        ulong policy = ulong.Parse(vector.Text("policy")[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        uint svn = vector.GetProperty("guestSvn").GetUInt32();
        Assert.True(IdBlock.TryCreate(measurement, family, image, svn, new GuestPolicy(policy), out IdBlock? block, out IdBlockFault fault), fault.ToString());
        return block;
    }

    /// <summary>The page of a vector: its file with the edits it names.</summary>
    public static byte[] Page(JsonElement vector)
    {
        byte[] page = File.ReadAllBytes(Vectors.Path("firmware", "fixtures", vector.Text("file")));
        if (vector.TryGetProperty("edits", out JsonElement edits))
        {
            foreach (JsonElement edit in edits.EnumerateArray())
            {
                Convert.FromHexString(edit.Text("hex")).CopyTo(page, edit.GetProperty("offset").GetInt32());
            }
        }

        return page;
    }

    /// <summary>The signer of a key whose scalar is public knowledge.</summary>
    public static P384PrivateKey Signer(string keyId) => TestKeys.FromScalar(Convert.FromHexString(Key(keyId).Text("privateScalarHex")));

    private static IReadOnlyList<string> Ids(string list) => Vectors.IsPresent
        ? [.. LazyManifest.Value.GetProperty(list).EnumerateArray().Select(e => e.Text("id"))]
        : ["(no vectors)"];

    private static JsonElement Find(string list, string id)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        return LazyManifest.Value.GetProperty(list).EnumerateArray().Single(e => e.Text("id") == id);
    }
}
