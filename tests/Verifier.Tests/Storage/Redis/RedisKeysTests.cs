using SevSnp.Primitives;
using Verifier.Service.Storage.Redis;

namespace Verifier.Tests.Storage.Redis;

public sealed class RedisKeysTests
{
    private const string Letters = "ab1-";

    private static readonly RedisKeys Keys = new("verifier:");

    [Fact]
    public void T77_DistinctInputs_HaveDistinctKeys()
    {
        // Few letters and short names, so that near misses are many; a fixed seed, so that a failure comes back.
        Random random = new(20261125);
        Dictionary<string, object> seen = [];
        for (int i = 0; i < 20_000; i++)
        {
            string tenant = Name(random), part = Name(random);
            Digest384 digest = new(Enumerable.Repeat((byte)random.Next(2), Digest384.Size).ToArray());
            (string Key, object Input)[] made =
            [
                (Keys.Value(tenant, part)!, ("value", tenant, part)),
                (Keys.Request(tenant, part + ":" + part)!, ("request", tenant, part + ":" + part)),
                (Keys.Measurement(tenant, digest)!, ("measurement", tenant, digest)),
                (Keys.Ids(tenant)!, ("ids", tenant)),
                (Keys.Log(tenant)!, ("log", tenant)),
                (Keys.Tombstones(tenant)!, ("tombstones", tenant)),
                (Keys.Certificate(tenant + ":" + part)!, ("certificate", tenant + ":" + part)),
            ];
            foreach ((string key, object input) in made)
            {
                Assert.True(seen.TryAdd(key, input) || seen[key].Equals(input), $"{key}: {input} and {seen[key]}");
            }
        }
    }

    [Fact]
    public void T77_KeysOfATenant_ShareItsHashTag()
    {
        string[] keys =
        [
            Keys.Value("default", "a")!, Keys.Request("default", "{other}")!, Keys.Measurement("default", default)!,
            Keys.Ids("default")!, Keys.Log("default")!, Keys.Tombstones("default")!,
        ];
        Assert.All(keys, k => Assert.Equal("default", k[(k.IndexOf('{', StringComparison.Ordinal) + 1)..k.IndexOf('}', StringComparison.Ordinal)]));
        Assert.All(keys, k => Assert.StartsWith("verifier:{default}:", k, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a}b")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    public void T77_NameThatCouldMakeAnotherKey_IsRefused(string name)
    {
        Assert.Throws<ArgumentException>(() => Keys.Ids(name));
        Assert.Throws<ArgumentException>(() => Keys.Value("default", name));
        Assert.Throws<ArgumentException>(() => Keys.Value("default", new string('a', 64)));
    }

    private static string Name(Random random) => new([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Letters[random.Next(Letters.Length)])]);
}
