using System.Text;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private IDocumentStore Documents => Store.Documents;

    private protected abstract Task OverwriteDocumentAsync(DocumentKind kind, string id, byte[] bytes);

    [Fact]
    public async Task Document_IsKeptByteForByte_WithItsVersions()
    {
        const string first = """{ "v" : 1, "text":"Gr\u00fc\u00dfe <&>", "n": 1.50 }""", second = """{"v":1}""";
        StoredDocument created = await DocumentAsync(Change("strict", first));
        StoredDocument replaced = await DocumentAsync(Change("strict", second) with { At = Samples.Noon.AddHours(1), Actor = Actor.Named("another") });

        Assert.Equal((1, 2), (created.Version, replaced.Version));
        Assert.Equal((Samples.Noon, Samples.Noon.AddHours(1), "another"), (replaced.CreateTime, replaced.UpdateTime, replaced.Author));
        await ReopenAsync();
        Assert.Equal(second, Text(await Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct)));
        Assert.Equal(first, Text(await Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 1, Ct)));
        Assert.Equal(second, Text(await Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 2, Ct)));
        Assert.Null(await Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 3, Ct));
    }

    [Fact]
    public async Task Document_IsItsKindsAndItsTenantsAlone()
    {
        await DocumentAsync(Change("strict", "{}"));
        Assert.Null(await Documents.GetAsync("default", DocumentKind.IdentityRule, "strict", Ct));
        Assert.Null(await Documents.GetAsync("other", DocumentKind.Policy, "strict", Ct));
        Assert.Null(await Documents.GetAsync("default", DocumentKind.Policy, "lax", Ct));
        Assert.Empty(await Documents.ListAsync("default", DocumentKind.IdentityRule, Ct));
        Assert.Equal(0, await Store.Log.CountAsync("other", Ct));
    }

    [Fact]
    public async Task Document_Steps_KeepTheirConditions()
    {
        Assert.IsType<DocumentOutcome.NotFound>(await Documents.ChangeAsync(Change("strict", "{}", DocumentStep.Replace), null, Ct));
        Assert.IsType<DocumentOutcome.NotFound>(await Documents.ChangeAsync(Change("strict", "", DocumentStep.Delete), null, Ct));
        StoredDocument created = await DocumentAsync(Change("strict", "{}", DocumentStep.Create));
        Assert.IsType<DocumentOutcome.AlreadyExists>(await Documents.ChangeAsync(Change("strict", "{}", DocumentStep.Create), null, Ct));

        Assert.Equal(
            new DocumentOutcome.EtagMismatch(created.Etag),
            await Documents.ChangeAsync(Change("strict", """{"a":1}""", DocumentStep.Replace) with { ExpectedEtag = "stale" }, null, Ct));
        StoredDocument replaced = await DocumentAsync(Change("strict", """{"a":1}""", DocumentStep.Replace) with { ExpectedEtag = created.Etag });
        Assert.NotEqual(created.Etag, replaced.Etag);
        Assert.Equal(2, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task Document_Deleted_IsGone_AndItsVersionsGoOn()
    {
        await DocumentAsync(Change("strict", """{"a":1}"""));
        Assert.Equal("""{"a":1}""", Text(await DocumentAsync(Change("strict", "", DocumentStep.Delete))));

        Assert.Null(await Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        Assert.Empty(await Documents.ListAsync("default", DocumentKind.Policy, Ct));
        Assert.Equal("""{"a":1}""", Text(await Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 1, Ct)));
        Assert.Null(await Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 2, Ct));
        Assert.IsType<DocumentOutcome.NotFound>(await Documents.ChangeAsync(Change("strict", "", DocumentStep.Delete), null, Ct));
        Assert.Equal(3, (await DocumentAsync(Change("strict", """{"a":1}""", DocumentStep.Create))).Version);
    }

    [Fact]
    public async Task Document_AppliedAgainUnchanged_IsNoChange()
    {
        StoredDocument created = await DocumentAsync(Change("strict", "{}"));
        StoredDocument again = await DocumentAsync(Change("strict", "{}") with { At = Samples.Noon.AddHours(1) });
        Assert.Equal((created.Version, created.Etag), (again.Version, again.Etag));
        Assert.Equal(1, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task Document_ValidateOnly_SaysHowItWouldEnd_AndChangesNothing()
    {
        Assert.Equal(1, (await DocumentAsync(Change("strict", "{}") with { ValidateOnly = true })).Version);
        Assert.Null(await Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        Assert.Equal(0, await Store.Log.CountAsync("default", Ct));
        Assert.IsType<DocumentOutcome.NotFound>(await Documents.ChangeAsync(Change("strict", "{}", DocumentStep.Replace) with { ValidateOnly = true }, null, Ct));
    }

    [Fact]
    public async Task Document_RepeatedRequest_GivesTheFirstAnswer_AndNoOther()
    {
        RequestKey request = new("8b0f5b0e-0000-4000-8000-00000000000d", "f1");
        StoredDocument first = Assert.IsType<DocumentOutcome.Done>(await Documents.ChangeAsync(Change("strict", """{"a":1}"""), request, Ct)).Document;
        await DocumentAsync(Change("strict", """{"a":2}"""));
        StoredDocument repeated = Assert.IsType<DocumentOutcome.Done>(await Documents.ChangeAsync(Change("strict", """{"a":1}"""), request, Ct)).Document;
        Assert.Equal((first.Version, first.Etag, Text(first)), (repeated.Version, repeated.Etag, Text(repeated)));
        Assert.IsType<DocumentOutcome.RequestIdReused>(await Documents.ChangeAsync(Change("lax", "{}"), request with { Fingerprint = "f2" }, Ct));

        // Of a reference value with the same id and, as could be only by a defect, the same fingerprint.
        Assert.IsType<ChangeOutcome.RequestIdReused>(await References.CreateAsync(Samples.Value("release-1"), request, Ct));
    }

    [Fact]
    public async Task Documents_AreListedInTheOrderOfTheirIds_AndBounded()
    {
        for (int i = DocumentLimits.PerKind - 1; i >= 0; i--)
        {
            await DocumentAsync(Change($"p{i:d4}", "{}"));
        }

        IReadOnlyList<StoredDocument> all = await Documents.ListAsync("default", DocumentKind.Policy, Ct);
        Assert.Equal(Enumerable.Range(0, DocumentLimits.PerKind).Select(i => $"p{i:d4}"), all.Select(d => d.Id));
        Assert.IsType<DocumentOutcome.TooMany>(await Documents.ChangeAsync(Change("one-more", "{}"), null, Ct));
        await DocumentAsync(Change("p0000", """{"a":1}"""));
        await DocumentAsync(Change("one-more", "{}") with { Kind = DocumentKind.IdentityRule });
    }

    [Fact]
    public async Task Document_ChangedBySeveralAtOnce_EachVersionOnce()
    {
        IStore other = Shared();
        await ReadyAsync(other);
        StoredDocument[] done = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(async () =>
            Assert.IsType<DocumentOutcome.Done>(await (i % 2 == 0 ? Store : other).Documents.ChangeAsync(Change("strict", $$"""{"a":{{i}}}"""), null, Ct)).Document)));
        Assert.Equal(Enumerable.Range(1, 24).Select(i => (long)i), done.Select(d => d.Version).Order());
        Assert.Equal(24, await Store.Log.CountAsync("default", Ct));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("another id")]
    [InlineData("another kind")]
    public async Task T76_DamagedDocument_IsRefused_NeverGuessed(string damage)
    {
        StoredDocument document = await DocumentAsync(Change("strict", "{}"));
        Assert.Equal("{}", await TogetherAsync("default"));
        await OverwriteDocumentAsync(DocumentKind.Policy, "strict", damage switch
        {
            "another id" => Service.Storage.Codec.DocumentCodec.Encode(new(document with { Id = "lax" }, false)),
            "another kind" => Service.Storage.Codec.DocumentCodec.Encode(new(document with { Kind = DocumentKind.Settings }, false)),
            _ => Encoding.UTF8.GetBytes(damage),
        });

        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(() => Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        Assert.Contains("policies/strict", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnfitException>(() => TogetherAsync("default"));
        await Assert.ThrowsAsync<StoreUnfitException>(() => Documents.ListAsync("default", DocumentKind.Policy, Ct));
        await Assert.ThrowsAsync<StoreUnfitException>(() => Documents.ChangeAsync(Change("strict", """{"a":1}"""), null, Ct));
    }

    // A store may keep what a document said last: it must never be told in place of what the store has now.
    [Fact]
    public async Task DocumentsReadTogether_AreWhatTheStoreHasNow()
    {
        Assert.Null(await TogetherAsync("default"));
        StoredDocument first = await DocumentAsync(Change("strict", """{"a":1}"""));
        Assert.Equal("""{"a":1}""", await TogetherAsync("default"));
        Assert.Equal("""{"a":1}""", await TogetherAsync("default"));
        Assert.Null(await TogetherAsync("other"));

        StoredDocument second = await DocumentAsync(Change("strict", """{"a":2}"""));
        Assert.Equal("""{"a":2}""", await TogetherAsync("default"));
        await OverwriteDocumentAsync(DocumentKind.Policy, "strict", Service.Storage.Codec.DocumentCodec.Encode(new(first, Deleted: false)));
        Assert.Equal("""{"a":1}""", await TogetherAsync("default"));
        await OverwriteDocumentAsync(DocumentKind.Policy, "strict", Service.Storage.Codec.DocumentCodec.Encode(new(second, Deleted: false)));
        Assert.Equal("""{"a":2}""", await TogetherAsync("default"));
        await DocumentAsync(Change("strict", "", DocumentStep.Delete));
        Assert.Null(await TogetherAsync("default"));
        await DocumentAsync(Change("strict", """{"a":3}"""));
        Assert.Equal("""{"a":3}""", await TogetherAsync("default"));
    }

    private async Task<string?> TogetherAsync(string tenant)
    {
        IReadOnlyList<StoredDocument?> found = await Documents.GetManyAsync(tenant, [(DocumentKind.Settings, "settings"), (DocumentKind.Policy, "strict")], Ct);
        Assert.Null(found[0]);
        return Text(found[1]);
    }

    /// <summary>Another user of the same data: a second instance where the store allows one.</summary>
    private protected virtual IStore Shared() => Store;

    private static DocumentChange Change(string id, string content, DocumentStep step = DocumentStep.Put) =>
        new("default", DocumentKind.Policy, id, step, Encoding.UTF8.GetBytes(content), null, Actor.Named("operator"), Samples.Noon);

    private static string? Text(StoredDocument? document) => document is null ? null : Encoding.UTF8.GetString(document.Content.Span);

    private async Task<StoredDocument> DocumentAsync(DocumentChange change) =>
        Assert.IsType<DocumentOutcome.Done>(await WitnessedAsync(() => Documents.ChangeAsync(change, null, Ct))).Document;
}
