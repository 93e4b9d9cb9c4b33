using System.Text;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    public static TheoryData<string> Damages { get; } =
    [
        "", "null", "[]", "{}", "not json", "{\"v\":1}", "cut", "newer", "unknown-member", "doubled-member", "unknown-state", "numeric-state", "unspecified-state",
        "bad-digest", "no-measurements", "by-signer-beside-measurements", "null-text", "other-id", "other-tenant",
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task T76_DamagedValue_IsRefusedByName_NeverNotThere(string damage)
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue value = await CreatedAsync(Samples.Value("release-1", digest));
        await OverwriteValueAsync("release-1", Utf8(Damaged(value, damage)));

        await RefusedAsync("release-1", () => References.GetAsync("default", "release-1", Ct));
        await RefusedAsync("release-1", () => References.FindAsync("default", digest, Ct));
        await RefusedAsync("release-1", () => References.ListAsync("default", All, 10, null, Ct));
        await RefusedAsync("release-1", () => References.ChangeStateAsync(Samples.Revoke("release-1"), null, Ct));
        await RefusedAsync("release-1", () => References.CreateAsync(Samples.Value("release-1"), null, Ct));
    }

    [Fact]
    public async Task T76_ValueWithoutTheIndexedMeasurement_IsRefused()
    {
        Digest384 digest = Samples.Digest(), stranger = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", digest));
        await IndexAsync(stranger, "release-1");
        await RefusedAsync("release-1", () => References.FindAsync("default", stranger, Ct));
        Assert.True(Usable(await References.FindAsync("default", digest, Ct)));
    }

    [Fact]
    public async Task T76_IndexToNowhere_IsRefused()
    {
        Digest384 stranger = Samples.Digest();
        await IndexAsync(stranger, "ghost");
        await RefusedAsync("ghost", () => References.FindAsync("default", stranger, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("other")]
    public async Task T76_DamagedTombstone_IsRefused_NeverUsable(string damage)
    {
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", digest));
        await ChangedAsync(Samples.Revoke("release-1"));
        byte[] bytes = damage == "other" ? RecordCodec.Encode(new Tombstone(Samples.Digest(), "", "", Samples.Noon)) : Utf8(damage);
        await OverwriteTombstoneAsync(digest, bytes);
        await RefusedAsync(digest.ToString(), () => References.FindAsync("default", digest, Ct));
        await RefusedAsync(digest.ToString(), () => References.CreateAsync(Samples.Value("new", digest), null, Ct));
    }

    [Fact]
    public async Task T76_ChangedLogEntry_IsRefused()
    {
        await CreatedAsync(Samples.Value("release-1"));
        await CreatedAsync(Samples.Value("release-2"));
        await OverwriteLeafAsync(1, Utf8("{\"v\":1,\"action\":\"nothing\"}"));
        await RefusedAsync("log entry 1", () => Store.Log.ReadAsync("default", 0, 10, Ct));
        Assert.Single(await Store.Log.ReadAsync("default", 0, 1, Ct));
    }

    [Fact]
    public async Task Restart_KeepsEverythingAcknowledged()
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", digest), First);
        await CreatedAsync(Samples.Value("release-2"));
        await ChangedAsync(Samples.Revoke("release-1"));
        IReadOnlyList<LogLeaf> before = await Store.Log.ReadAsync("default", 0, 10, Ct);

        await ReopenAsync();

        Assert.Equal("key leaked", (await References.FindAsync("default", digest, Ct)).Tombstone!.Reason);
        Assert.Equal(created.Etag, (await CreatedAsync(Samples.Value("release-1"), First)).Etag);
        Assert.Equal(before.Select(l => Convert.ToHexString(l.LeafHash.Span)), (await Store.Log.ReadAsync("default", 0, 10, Ct)).Select(l => Convert.ToHexString(l.LeafHash.Span)));
        Assert.Equal(["release-1", "release-2"], await IdsAsync(All, 10));
    }

    [Fact]
    public async Task Certificates_AreKeptUntilTheyExpire()
    {
        DateTimeOffset expires = CacheNow.AddHours(1);
        await Store.Certificates.SetAsync("vcek/Milan/00", new byte[] { 1, 2, 3 }, expires, Ct);
        Assert.Equal([1, 2, 3], await Store.Certificates.GetAsync("vcek/Milan/00", Ct));
        Assert.Null(await Store.Certificates.GetAsync("vcek/Milan/01", Ct));
        await Store.Certificates.SetAsync("vcek/Milan/00", new byte[] { 4 }, expires, Ct);
        Assert.Equal([4], await Store.Certificates.GetAsync("vcek/Milan/00", Ct));
        await PassAsync(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        Assert.Null(await Store.Certificates.GetAsync("vcek/Milan/00", Ct));
    }

    [Fact]
    public async Task Certificates_CanBeRemoved_AndAreNotKeptWhenAlreadyExpired()
    {
        await Store.Certificates.SetAsync("a", new byte[] { 1 }, CacheNow.AddHours(1), Ct);
        await Store.Certificates.RemoveAsync("a", Ct);
        await Store.Certificates.RemoveAsync("never-there", Ct);
        await Store.Certificates.SetAsync("b", new byte[] { 1 }, CacheNow.AddHours(-1), Ct);
        Assert.Null(await Store.Certificates.GetAsync("a", Ct));
        Assert.Null(await Store.Certificates.GetAsync("b", Ct));
    }

    private protected abstract DateTimeOffset CacheNow { get; }

    private static async Task RefusedAsync(string name, Func<Task> call)
    {
        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(call);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static string Damaged(StoredReferenceValue value, string damage)
    {
        string json = Encoding.UTF8.GetString(RecordCodec.Encode(value));
        string digest = value.Value.Measurements[0].Digest.ToString();
        string damaged = damage switch
        {
            "cut" => json[..^1],
            "newer" => json.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal),
            "unknown-member" => json.Replace("\"v\":1", "\"v\":1,\"mustAlsoHold\":true", StringComparison.Ordinal),
            "doubled-member" => json.Replace("\"v\":1", "\"v\":1,\"state\":\"revoked\"", StringComparison.Ordinal),
            "unknown-state" => json.Replace("\"active\"", "\"suspended\"", StringComparison.Ordinal),
            "numeric-state" => json.Replace("\"active\"", "2", StringComparison.Ordinal),
            "unspecified-state" => json.Replace("\"active\"", "\"unspecified\"", StringComparison.Ordinal),
            "bad-digest" => json.Replace(digest, digest[1..] + "g", StringComparison.Ordinal),
            "no-measurements" => json[..(json.IndexOf("\"measurements\":[", StringComparison.Ordinal) + 16)] + json[json.IndexOf("],\"constraints\"", StringComparison.Ordinal)..],
            "by-signer-beside-measurements" => json.Replace("\"v\":1", "\"v\":1,\"acceptsBySigner\":true", StringComparison.Ordinal),
            "null-text" => json.Replace("\"image\":\"coconut-svsm\"", "\"image\":null", StringComparison.Ordinal),
            "other-id" => json.Replace("\"id\":\"release-1\"", "\"id\":\"release-2\"", StringComparison.Ordinal),
            "other-tenant" => json.Replace("\"tenant\":\"default\"", "\"tenant\":\"other\"", StringComparison.Ordinal),
            _ => damage,
        };
        Assert.NotEqual(json, damaged);
        return damaged;
    }
}
