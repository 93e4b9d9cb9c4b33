using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private protected abstract Task OverwriteHeadAsync(byte[] bytes);

    [Fact]
    public async Task Head_CoversEveryEntry_AndIsSigned()
    {
        Assert.Null(await Store.Log.HeadAsync("default", Ct));
        await CreatedAsync(Samples.Value("release-1"));
        await DocumentAsync(Change("strict", "{}"));
        await ChangedAsync(Samples.Revoke("release-1"));

        StoredHead head = await HeadAsync();
        TreeFrontier tree = TreeFrontier.Empty;
        foreach (LogLeaf leaf in await Store.Log.ReadAsync("default", 0, 10, Ct))
        {
            tree = tree.Append(TreeHashing.Leaf(leaf.Data.Span));
        }

        Assert.Equal(("default", 3, tree.Root), (head.SignedHead.Head.Tenant, head.SignedHead.Head.Size, head.SignedHead.Head.Root));
        Assert.Null(await Store.Log.HeadAsync("other", Ct));
    }

    [Fact]
    public async Task Entries_SayWhoDidWhat_WithTheResourceBeforeAndAfterAsStored()
    {
        Actor actor = new("https://issuer.example#repo", "https://issuer.example", "repo:o/r", new Dictionary<string, string> { ["repository_id"] = "1", ["ref"] = "refs/heads/main" });
        Digest384 digest = Samples.Digest();
        StoredReferenceValue created = Assert.IsType<ChangeOutcome.Done>(
            await References.CreateAsync(new Creation(Samples.Value("release-1", digest), actor), null, Ct)).Value;
        StoredReferenceValue revoked = await ChangedAsync(Samples.Revoke("release-1", reason: "key leaked"));
        await DocumentAsync(Change("strict", "{}"));

        JsonElement[] entries = [.. (await Store.Log.ReadAsync("default", 0, 10, Ct)).Select(l => JsonDocument.Parse(l.Data).RootElement)];
        Assert.Equal(["create", "revoke", "create"], entries.Select(e => e.GetProperty("action").GetString()));
        Assert.Equal(["referenceValues/release-1", "referenceValues/release-1", "policies/strict"], entries.Select(e => e.GetProperty("resource").GetString()));
        Assert.Equal(actor.Claims, entries[0].GetProperty("actor").GetProperty("claims").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!));
        Assert.Equal((actor.Name, actor.Issuer, actor.Subject), (Actor(entries[0], "name"), Actor(entries[0], "issuer"), Actor(entries[0], "subject")));
        Assert.Equal(RecordCodec.Encode(created), Utf8(entries[0].GetProperty("after").GetRawText()));
        Assert.Equal(RecordCodec.Encode(created), Utf8(entries[1].GetProperty("before").GetRawText()));
        Assert.Equal(RecordCodec.Encode(revoked), Utf8(entries[1].GetProperty("after").GetRawText()));
        Assert.Equal("key leaked", entries[1].GetProperty("reason").GetString());
        Assert.Equal([digest.ToString()], entries[1].GetProperty("revoked").EnumerateArray().Select(e => e.GetString()));
        Assert.False(entries[0].TryGetProperty("before", out _) || entries[0].TryGetProperty("revoked", out _) || entries[2].TryGetProperty("before", out _));

        static string? Actor(JsonElement entry, string member) => entry.GetProperty("actor").GetProperty(member).GetString();
    }

    [Fact]
    public async Task ValidateOnly_SaysHowItWouldEnd_AndChangesNothing()
    {
        Creation creation = Samples.Creation(Samples.Value("release-1")) with { ValidateOnly = true };
        Assert.IsType<ChangeOutcome.Done>(await References.CreateAsync(creation, First, Ct));
        Assert.Null(await References.GetAsync("default", "release-1", Ct));
        await CreatedAsync(Samples.Value("release-1"), First);
        Assert.IsType<ChangeOutcome.AlreadyExists>(await References.CreateAsync(creation, null, Ct));
        Assert.Equal(
            SevSnp.References.ReferenceState.Revoked,
            Assert.IsType<ChangeOutcome.Done>(await References.ChangeStateAsync(Samples.Revoke("release-1") with { ValidateOnly = true }, null, Ct)).Value.Value.State);
        Assert.Equal(SevSnp.References.ReferenceState.Active, (await References.GetAsync("default", "release-1", Ct))!.Value.State);
        Assert.Equal(1, await Store.Log.CountAsync("default", Ct));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("other root")]
    [InlineData("other tenant")]
    [InlineData("other key")]
    [InlineData("shorter")]
    public async Task T76_HeadThatDoesNotFit_IsNeverContinued(string damage)
    {
        await CreatedAsync(Samples.Value("release-1"));
        byte[] shorter = (await Store.Log.HeadAsync("default", Ct))!;
        await CreatedAsync(Samples.Value("release-2"));
        StoredHead head = await HeadAsync();
        TreeFrontier other = TreeFrontier.Empty.Append(TreeHashing.Leaf([1])).Append(TreeHashing.Leaf([2]));
        string json = Encoding.UTF8.GetString(head.Encode());
        using ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await OverwriteHeadAsync(damage switch
        {
            "cut" => head.Encode()[..^1],
            "other root" => Utf8(json
                .Replace(head.Frontier.Hashes[0].ToString(), other.Hashes[0].ToString(), StringComparison.Ordinal)
                .Replace(head.SignedHead.Head.Root.ToString(), other.Root.ToString(), StringComparison.Ordinal)),
            "other tenant" => Utf8(json.Replace("\"default\"", "\"another\"", StringComparison.Ordinal)),
            "other key" => StoredHead.Sign(new HeadSigner(foreign), "default", head.Frontier, Samples.Noon).Encode(),
            _ => shorter,
        });

        await RefusedAsync("log of tenant 'default'", () => References.CreateAsync(Samples.Value("release-3"), null, Ct));
        await RefusedAsync("log of tenant 'default'", () => Documents.ChangeAsync(Change("strict", "{}"), null, Ct));
        Assert.Null(await References.GetAsync("default", "release-3", Ct));
    }

    private async Task<StoredHead> HeadAsync()
    {
        Assert.True(StoredHead.TryRead(await Store.Log.HeadAsync("default", Ct), out StoredHead? head));
        return head;
    }
}
