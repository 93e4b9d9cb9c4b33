using System.Text;
using System.Text.Json.Nodes;
using Verifier.Service.Identity.Issuers;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

public sealed class KeySetTests
{
    private static readonly IssuerSigningKey Rsa = IssuerSigningKey.Rsa("rsa");
    private static readonly IssuerSigningKey Ec = IssuerSigningKey.Ec("ec");

    private static readonly Dictionary<string, Action<JsonObject>> Spoilt = new()
    {
        ["without a name"] = k => k.Remove("kid"),
        ["for encrypting"] = k => k["use"] = "enc",
        ["of another kind"] = k => k["kty"] = "oct",
        ["for another algorithm"] = k => k["alg"] = "RS512",
        ["even exponent"] = k => k["e"] = "BA",
        ["huge exponent"] = k => k["e"] = "AQAAAAE",
        ["padded modulus"] = k => k["n"] = k["n"]!.GetValue<string>() + "=",
        ["no modulus"] = k => k.Remove("n"),
    };

    public static TheoryData<string> SpoiltKeys => [.. Spoilt.Keys];

    [Fact]
    public void KeysOfBothKinds_AreFound()
    {
        KeySet keys = Parse(Rsa.ToJwk(), Ec.ToJwk())!;

        Assert.Equal(("RS256", "ES256"), (keys.Find("rsa")!.Algorithm, keys.Find("ec")!.Algorithm));
        Assert.Null(keys.Find("RSA"));
    }

    [Theory]
    [MemberData(nameof(SpoiltKeys))]
    public void UnfitKey_IsLeftOut(string how)
    {
        JsonObject key = Rsa.ToJwk();
        Spoilt[how](key);

        KeySet keys = Parse(key, Ec.ToJwk())!;

        Assert.Equal(1, keys.Count);
        Assert.NotNull(keys.Find("ec"));
    }

    [Fact]
    public void ShortRsaKey_IsLeftOut() => Assert.Equal(0, Parse(IssuerSigningKey.Rsa("short", 1024).ToJwk())!.Count);

    [Fact]
    public void PointOffTheCurve_IsLeftOut()
    {
        JsonObject key = Ec.ToJwk();
        key["y"] = key["x"]!.GetValue<string>();

        Assert.Equal(0, Parse(key)!.Count);
    }

    [Fact]
    public void TwoKeysOfOneName_AreBothLeftOut()
    {
        Assert.Equal(0, Parse(Rsa.ToJwk(), IssuerSigningKey.Rsa("rsa").ToJwk())!.Count);
        Assert.Equal(1, Parse(Rsa.ToJwk(), Rsa.ToJwk())!.Count);
    }

    [Fact]
    public void TooManyKeys_AreNoSet() => Assert.Null(KeySet.TryParse(Encoding.UTF8.GetBytes($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("1", 129))}}]}""")));

    private static KeySet? Parse(params JsonObject[] keys) => KeySet.TryParse(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString()));
}
