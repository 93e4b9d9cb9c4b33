using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage;

/// <summary>What nobody asks for is compared with the log, too.</summary>
public abstract partial class StoreContract
{
    private protected abstract Task RemoveValueAsync(string id);

    private protected abstract Task AddValueAsync(string id, byte[] bytes);

    [Fact]
    public async Task Audit_OfAnUntouchedStore_FindsNothing_AlsoWhileItChanges()
    {
        using Instance one = Beside(Store);
        Assert.Null(await one.AuditAsync());
        for (int i = 0; i < 120; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i:d3}"));
        }

        await DocumentAsync(Change("strict", "{}"));
        await ChangedAsync(Samples.Revoke("release-001"));
        Assert.Null(await one.AuditAsync());

        int step = 0;
        Assert.Null(await one.AuditAsync(async () =>
        {
            step++;
            await ChangedAsync(Samples.Deprecate($"release-{20 + step:d3}"));
            await ChangedAsync(Samples.Revoke($"release-{90 - step:d3}"));
            await CreatedAsync(Samples.Value($"added-{step}"));
            await DocumentAsync(Change("strict", $"{{\"n\":{step}}}"));
        }));
        Assert.True(step > 3);
    }

    [Theory]
    [InlineData("record", "referenceValues/release-1 is not what its last entry left")]
    [InlineData("record removed", "release-1")]
    [InlineData("record added", "referenceValues/extra is not what its last entry left")]
    [InlineData("document", "policies/strict is not what its last entry left")]
    [InlineData("document removed", "policies/strict")]
    [InlineData("tombstone removed", "there are 0 tombstones")]
    [InlineData("tombstone added", "there are 2 tombstones")]
    [InlineData("entry", "entry 1 is not the one that was signed")]
    [InlineData("entries exchanged", "entry 0 is not the one that was signed")]
    public async Task T76_WhateverIsTamperedWith_IsFoundByTheAudit(string damage, string finding)
    {
        Digest384 digest = Samples.Digest(), other = Samples.Digest();
        StoredReferenceValue value = await CreatedAsync(Samples.Value("release-1", digest));
        await CreatedAsync(Samples.Value("release-2", other));
        StoredDocument document = await DocumentAsync(Change("strict", "{}"));
        await ChangedAsync(Samples.Revoke("release-2"));
        using Instance one = Beside(Store);
        Assert.Null(await one.AuditAsync());
        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 4, Ct);
        await (damage switch
        {
            "record" => OverwriteValueAsync("release-1", RecordCodec.Encode(value with { Registrar = "by hand" })),
            "record removed" => RemoveValueAsync("release-1"),
            "record added" => AddValueAsync("extra", RecordCodec.Encode(Samples.Value("extra", digest))),
            "document" => OverwriteDocumentAsync(DocumentKind.Policy, "strict", DocumentCodec.Encode(new(document with { Author = "by hand" }, Deleted: false))),
            "document removed" => RemoveDocumentAsync(DocumentKind.Policy, "strict"),
            "tombstone removed" => RemoveTombstoneAsync(other),
            "tombstone added" => AddTombstoneAsync(digest, RecordCodec.Encode(new Tombstone(digest, "by hand", "x", Samples.Noon))),
            "entry" => ForgeLeafAsync(1, leaves[2].Data.ToArray()),
            _ => Task.WhenAll(ForgeLeafAsync(0, leaves[1].Data.ToArray()), ForgeLeafAsync(1, leaves[0].Data.ToArray())),
        });

        LogFault found = Assert.IsType<LogFault>(await one.AuditAsync());
        Assert.Equal(LogFault.Contradicted, found.Reason);
        Assert.Contains(finding, found.Detail, StringComparison.Ordinal);

        // Whoever asks for anything of the tenant is refused until a pass is clean.
        one.Log.Audited(found);
        Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(Samples.Digest()));
        one.Log.Audited(null);
        Assert.Empty((await one.FindAsync(Samples.Digest())).Values);
    }
}
