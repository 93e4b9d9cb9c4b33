using System.Security.Cryptography;
using System.Text;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage;

/// <summary>The store held against its log: whoever can write to the store by hand cannot make anything count.</summary>
public abstract partial class StoreContract
{
    private protected abstract Task RemoveTombstoneAsync(Digest384 measurement);

    private protected abstract Task AddTombstoneAsync(Digest384 measurement, byte[] bytes);

    /// <summary>Writes an entry with the leaf hash that belongs to it.</summary>
    private protected abstract Task ForgeLeafAsync(long index, byte[] bytes);

    /// <summary>Cuts off the end of the log.</summary>
    private protected abstract Task KeepLeavesAsync(long count);

    private protected abstract Task RemoveDocumentAsync(DocumentKind kind, string id);

    private protected abstract Task UnindexSignerAsync(Digest384 signer, string id);

    /// <summary>The keys that the store signs with.</summary>
    private protected virtual LogKeyRing Keys() => LogKey.Load();

    private protected Instance Beside(Service.Storage.IStore store, string? directory = null, params string[] acceptRollback) => new(store, Keys, directory, acceptRollback);

    [Fact]
    public async Task ChangesThroughAnotherInstance_AgreeAtOnce()
    {
        using Instance one = Beside(Store), other = Beside(Shared());
        await one.FollowAsync();
        await other.FollowAsync();
        for (int i = 0; i < 20; i++)
        {
            Digest384 digest = Samples.Digest();
            await CreatedAsync(Samples.Value($"release-{i}", digest));
            Assert.True(Usable(await other.FindAsync(digest)));
            await ChangedAsync(Samples.Deprecate($"release-{i}"));
            Assert.True(Usable(await one.FindAsync(digest)));
            await ChangedAsync(Samples.Revoke($"release-{i}"));
            Assert.False(Usable(await other.FindAsync(digest)));
            Assert.False(Usable(await one.FindAsync(digest)));
        }
    }

    [Fact]
    public async Task LookupsWhileEverythingChanges_NeverSeeAContradiction()
    {
        Digest384[] digests = [.. Enumerable.Range(0, 4).Select(_ => Samples.Digest())];
        for (int i = 0; i < digests.Length; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i}", digests[i]));
        }

        using Instance one = Beside(Store), other = Beside(Shared());
        Task writing = Task.Run(async () =>
        {
            for (int round = 0; round < 25; round++)
            {
                await ChangedAsync(Samples.Deprecate($"release-{round % 3}"));
                await ChangedAsync(Samples.Activate($"release-{round % 3}"));
            }

            await ChangedAsync(Samples.Revoke("release-3"));
        }, Ct);
        int looked = 0;
        do
        {
            await Task.WhenAll(digests.Select(d => one.FindAsync(d)).Concat(digests.Select(d => other.FindAsync(d))));
            looked++;
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.True(looked > 0);
        Assert.False(Usable(await other.FindAsync(digests[3])));
        Assert.Null(one.Log.Fault);
    }

    [Fact]
    public async Task T71_RecordPutBackAsBeforeItsRevocation_IsNeverUsed()
    {
        Digest384 digest = Samples.Digest();
        using Instance one = Beside(Store), other = Beside(Shared());
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", digest));
        Assert.True(Usable(await one.FindAsync(digest)));
        Assert.True(Usable(await other.FindAsync(digest)));
        await ChangedAsync(Samples.Revoke("release-1"));

        // Neither has heard of the revocation yet.
        await OverwriteValueAsync("release-1", RecordCodec.Encode(created));
        await RemoveTombstoneAsync(digest);
        Assert.True(Usable(await References.FindAsync("default", digest, Ct)));

        Assert.Equal(LogFault.Contradicted, await other.RefusedAsync(digest));
        Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(digest));
        using Instance started = Beside(Shared());
        Assert.Equal(LogFault.Contradicted, await started.RefusedAsync(digest));
    }

    [Fact]
    public async Task T71_RemovedTombstone_IsSeen()
    {
        Digest384 digest = Samples.Digest(), innocent = Samples.Digest();
        using Instance one = Beside(Store);
        await CreatedAsync(Samples.Value("release-1", digest));
        await CreatedAsync(Samples.Value("release-2", innocent));
        await ChangedAsync(Samples.Revoke("release-1"));
        Assert.False(Usable(await one.FindAsync(digest)));
        await RemoveTombstoneAsync(digest);

        Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(digest));
        Assert.True(Usable(await one.FindAsync(innocent)));
    }

    [Fact]
    public async Task T76_AddedTombstone_IsSeen()
    {
        Digest384 digest = Samples.Digest();
        using Instance one = Beside(Store);
        await CreatedAsync(Samples.Value("release-1", digest));
        await AddTombstoneAsync(digest, RecordCodec.Encode(new Tombstone(digest, "by hand", "release-1", Samples.Noon)));

        Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(digest));
        Assert.NotNull(await one.FindAsync(Samples.Digest()));
    }

    [Fact]
    public async Task T76_EachChangeOfAStoredRecord_IsSeen()
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", digest));
        using Instance one = Beside(Store);
        Assert.True(Usable(await one.FindAsync(digest)));
        string good = Encoding.UTF8.GetString(RecordCodec.Encode(created));
        string[] changed =
        [
            good.Replace("2026.11", "2026.12", StringComparison.Ordinal), good.Replace(":\"registrar\"", ":\"somebody\"", StringComparison.Ordinal),
            good.Replace("{\"v\"", "{ \"v\"", StringComparison.Ordinal), good + " ",
        ];
        foreach (string other in changed)
        {
            Assert.NotEqual(good, other);
            await OverwriteValueAsync("release-1", Utf8(other));
            Assert.Equal(LogFault.Contradicted, await one.RefusedAsync(digest));
        }

        // Put right again, all is well.
        await OverwriteValueAsync("release-1", Utf8(good));
        Assert.True(Usable(await one.FindAsync(digest)));
    }

    [Fact]
    public async Task T70_StoreThatWentBackAsAWhole_IsRefused_AlsoAfterARestart_UntilTheOperatorMeansIt()
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", digest));
        byte[] head = (await Store.Log.HeadAsync("default", Ct))!;
        await ChangedAsync(Samples.Revoke("release-1"));
        string directory;
        using (Instance one = Beside(Store))
        {
            directory = one.Directory;
            await one.FollowAsync();

            await OverwriteHeadAsync(head);
            await KeepLeavesAsync(1);
            await OverwriteValueAsync("release-1", RecordCodec.Encode(created));
            await RemoveTombstoneAsync(digest);
            Assert.Equal(LogFault.RolledBack, await one.RefusedAsync(digest));
        }

        using (Instance again = Beside(Store, directory))
        {
            Assert.Equal(LogFault.RolledBack, await again.RefusedAsync(digest));
            await again.FollowAsync();
            Assert.Equal(LogFault.RolledBack, await again.RefusedAsync(Samples.Digest()));
        }

        Assert.True(StoredHead.TryRead(head, out StoredHead? back));
        using (Instance other = Beside(Store, directory, $"1:{TreeHashing.Leaf([1])}"))
        {
            Assert.Equal(LogFault.RolledBack, await other.RefusedAsync(digest));
        }

        using (Instance meant = Beside(Store, directory, $"1:{back.Frontier.Root}"))
        {
            Assert.True(Usable(await meant.FindAsync(digest)));
            await meant.FollowAsync();
        }

        using Instance usual = Beside(Store, directory);
        Assert.True(Usable(await usual.FindAsync(digest)));
    }

    // The same number of entries, and a good signature, but another history.
    [Fact]
    public async Task T70_ForkedLog_IsRefused()
    {
        await CreatedAsync(Samples.Value("release-1"));
        using Instance one = Beside(Store);
        await one.FollowAsync();
        using LogKeyRing keys = Keys();
        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 1, Ct);
        Assert.True(LogEntry.TryRead(leaves[0].Data, out LogEntry? entry, out _));
        byte[] forged = (entry with { Reason = "another" }).Encode();
        await ForgeLeafAsync(0, forged);
        TreeFrontier frontier = TreeFrontier.Empty.Append(TreeHashing.Leaf(forged));
        await OverwriteHeadAsync(StoredHead.Sign(keys.Signer, "default", frontier, Samples.Noon).Encode());

        Assert.Equal(LogFault.RolledBack, await one.RefusedAsync(Samples.Digest()));
        using Instance started = Beside(Store, one.Directory);
        Assert.Equal(LogFault.RolledBack, await started.RefusedAsync(Samples.Digest()));
    }

    [Theory]
    [InlineData("entry forged")]
    [InlineData("entries exchanged")]
    [InlineData("end cut off")]
    [InlineData("foreign head")]
    [InlineData("damaged head")]
    [InlineData("head of another tenant")]
    public async Task T76_LogThatDoesNotHoldTogether_IsRefused(string damage)
    {
        for (int i = 0; i < 3; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i}"));
        }

        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 3, Ct);
        StoredHead head = await HeadAsync();
        using Instance good = Beside(Store);
        Assert.Empty((await good.FindAsync(Samples.Digest())).Values);
        using ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using LogKeyRing keys = Keys();
        switch (damage)
        {
            case "entry forged":
                Assert.True(LogEntry.TryRead(leaves[1].Data, out LogEntry? entry, out _));
                await ForgeLeafAsync(1, (entry with { Reason = "by hand" }).Encode());
                break;
            case "entries exchanged":
                await ForgeLeafAsync(0, leaves[1].Data.ToArray());
                await ForgeLeafAsync(1, leaves[0].Data.ToArray());
                break;
            case "end cut off":
                await KeepLeavesAsync(2);
                break;
            case "foreign head":
                await OverwriteHeadAsync(StoredHead.Sign(new HeadSigner(foreign), "default", head.Frontier, Samples.Noon).Encode());
                break;
            case "damaged head":
                await OverwriteHeadAsync(head.Encode()[..^1]);
                break;
            default:
                await OverwriteHeadAsync(StoredHead.Sign(keys.Signer, "other", head.Frontier, Samples.Noon).Encode());
                break;
        }

        using Instance started = Beside(Store);
        Assert.Equal(LogFault.Broken, await started.RefusedAsync(Samples.Digest()));
    }

    [Theory]
    [InlineData("changed record")]
    [InlineData("removed record")]
    [InlineData("planted tombstone")]
    [InlineData("changed document")]
    public async Task T76_ChangeThatBeginsFromWhatTheLogDoesNotSay_IsNeverSigned(string damage)
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", digest));
        await DocumentAsync(Change("strict", "{\"a\":1}"));
        StoredDocument document = (await Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct))!;
        await DocumentAsync(Asked("lift-1", digest));
        string good = Encoding.UTF8.GetString(RecordCodec.Encode(created));
        Func<Task> change;
        switch (damage)
        {
            case "changed record":
                await OverwriteValueAsync("release-1", Utf8(good + " "));
                change = () => References.ChangeStateAsync(Samples.Deprecate("release-1"), null, Ct);
                break;
            case "removed record":
                await RemoveValueAsync("release-1");
                change = () => References.CreateAsync(Samples.Value("release-1"), null, Ct);
                break;
            case "planted tombstone":
                await AddTombstoneAsync(digest, RecordCodec.Encode(new Tombstone(digest, "by hand", "release-1", Samples.Noon)));
                change = () => Documents.ChangeAsync(Approved("lift-1", digest, "another"), null, Ct);
                break;
            default:
                await OverwriteDocumentAsync(DocumentKind.Policy, "strict", DocumentCodec.Encode(new(document with { Author = "by hand" }, Deleted: false)));
                change = () => Documents.ChangeAsync(Change("strict", "{\"a\":2}"), null, Ct);
                break;
        }

        Assert.Equal(LogFault.Contradicted, (await Assert.ThrowsAsync<LogRefusedException>(change)).Reason);

        // Nothing was signed: the log holds together, and other changes go on.
        using Instance one = Beside(Store);
        await one.FollowAsync();
        Assert.Null(one.Log.Fault);
        Assert.Equal(3, one.Log.Current!.Size);
        await CreatedAsync(Samples.Value("release-2"));
    }

    [Fact]
    public async Task T70_ChangeOnAStoreThatWentBack_IsNeverSigned()
    {
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1"));
        byte[] head = (await Store.Log.HeadAsync("default", Ct))!;
        await ChangedAsync(Samples.Deprecate("release-1"));
        await OverwriteHeadAsync(head);
        await KeepLeavesAsync(1);
        await OverwriteValueAsync("release-1", RecordCodec.Encode(created));

        LogRefusedException refused = await Assert.ThrowsAsync<LogRefusedException>(() => References.CreateAsync(Samples.Value("release-2"), null, Ct));
        Assert.Equal(LogFault.RolledBack, refused.Reason);
        Assert.Equal(head, await Store.Log.HeadAsync("default", Ct));
        Assert.Null(await References.GetAsync("default", "release-2", Ct));
    }

    // A revoked value withdraws the trust in a signer that others state too.
    [Fact]
    public async Task T76_RevokedSignerTakenOutOfTheIndex_IsSeen()
    {
        Digest384 key = Samples.Digest(), digest = Samples.Digest();
        await CreatedAsync(Signed("kept", [key]));
        await CreatedAsync(Signed("revoked", [key]));
        await ChangedAsync(Samples.Revoke("revoked"));
        using Instance one = Beside(Store);
        Task<MeasurementEntry> Look() => References.FindAsync("default", digest, [key], Ct);
        Assert.Equal(2, (await one.Guard.AgreedAsync("default", await Look(), Look, Ct)).OfSigners.Count);

        await UnindexSignerAsync(key, "revoked");
        Assert.Single((await Look()).OfSigners);
        LogRefusedException refused = await Assert.ThrowsAsync<LogRefusedException>(async () => await one.Guard.AgreedAsync("default", await Look(), Look, Ct));
        Assert.Equal(LogFault.Contradicted, refused.Reason);
    }

    [Fact]
    public async Task SeveralThousandEntries_AreFollowedInOneGo()
    {
        using Instance one = Beside(Store);
        await CreatedAsync(Samples.Value("release"));
        await one.FollowAsync();
        for (int i = 0; i < 600; i++)
        {
            await ChangedAsync(i % 2 == 0 ? Samples.Deprecate("release") : Samples.Activate("release"));
        }

        await one.FollowAsync();
        Assert.Equal(601, one.Log.Current!.Size);
        using Instance started = Beside(Shared());
        await started.FollowAsync();
        Assert.Equal(one.Log.Current.RootAt(601), started.Log.Current!.RootAt(601));
        Assert.Equal(one.Log.Current.Frontier.Root, (await HeadAsync()).Frontier.Root);
    }

    [Fact]
    public async Task T76_DocumentPutBackOrRemoved_IsSeen()
    {
        await DocumentAsync(Change("strict", "{\"a\":1}"));
        StoredDocument first = (await Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct))!;
        using Instance one = Beside(Store);
        Assert.Equal("{\"a\":1}", Text(await one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct)));
        Assert.Null(await one.Documents.GetAsync("default", DocumentKind.Policy, "other", Ct));
        await DocumentAsync(Change("strict", "{\"a\":2}"));
        Assert.Equal("{\"a\":2}", Text(await one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct)));
        Assert.Single(await one.Documents.ListAsync("default", DocumentKind.Policy, Ct));

        await OverwriteDocumentAsync(DocumentKind.Policy, "strict", DocumentCodec.Encode(new(first, Deleted: false)));
        await Contradicted(() => one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        await Contradicted(() => one.Documents.ListAsync("default", DocumentKind.Policy, Ct));
        await RemoveDocumentAsync(DocumentKind.Policy, "strict");
        await Contradicted(() => one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));

        static async Task Contradicted(Func<Task> read) => Assert.Equal(LogFault.Contradicted, (await Assert.ThrowsAsync<LogRefusedException>(read)).Reason);
    }

    [Fact]
    public async Task DeletedDocument_IsAgreedToBeAbsent()
    {
        using Instance one = Beside(Store);
        await DocumentAsync(Change("strict", "{}"));
        await DocumentAsync(Change("loose", "{}"));
        await Documents.ChangeAsync(Change("strict", "", DocumentStep.Delete), null, Ct);
        Assert.Null(await one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        Assert.Single(await one.Documents.ListAsync("default", DocumentKind.Policy, Ct));
        await DocumentAsync(Change("strict", "{}"));
        Assert.NotNull(await one.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct));
        Assert.Equal(2, (await one.Documents.ListAsync("default", DocumentKind.Policy, Ct)).Count);
    }

    [Fact]
    public async Task UnknownTenants_AreNotFollowed()
    {
        using Instance one = Beside(Store);
        Assert.Null(await one.Documents.GetAsync("nobody", DocumentKind.Settings, DocumentIds.Settings, Ct));
        Assert.Empty(await one.Documents.ListAsync("nobody", DocumentKind.IdentityRule, Ct));
        Assert.False(one.Follows("nobody"));
    }

    [Fact]
    public async Task LeafOfAReferenceValue_IsTheEntryThatLeftItSo()
    {
        using Instance one = Beside(Store);
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("release-0"));
        await CreatedAsync(Samples.Value("release-1", digest));
        StoredReferenceValue created = (await one.FindAsync(digest)).Values.Single();
        Assert.Equal(1, one.Guard.LeafOf(created));
        await ChangedAsync(Samples.Deprecate("release-1"));
        Assert.Equal(2, one.Guard.LeafOf((await one.FindAsync(digest)).Values.Single()));
        Assert.Null(one.Guard.LeafOf(created));
    }
}
