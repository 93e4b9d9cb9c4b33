using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

/// <summary>What the log gives to whoever asks for proofs and entries.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task EachEntry_IsProvenUnderTheNewestHead()
    {
        using Instance one = Beside(Store);
        Assert.Null(await one.Reader.HeadAsync("default", Ct));
        Assert.Null(await one.Reader.ProveAsync("default", 0, Ct));
        for (int i = 0; i < 5; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i}"));
        }

        using LogKeyRing keys = Keys();
        for (int i = 0; i < 5; i++)
        {
            ProvenEntry proven = Assert.IsType<ProvenEntry>(await one.Reader.ProveAsync("default", i, Ct));
            Assert.Equal(HeadCheck.Valid, keys.Verifier.Check(proven.Head));
            Assert.True(proven.Inclusion.Verify(TreeHashing.Leaf(proven.Entry.Span), proven.Head.Head.Root));
            Assert.True(LogEntry.TryRead(proven.Entry, out LogEntry? entry, out _));
            Assert.Equal($"referenceValues/release-{i}", entry.Resource);
        }

        Assert.Null(await one.Reader.ProveAsync("default", 5, Ct));
        Assert.Null(await one.Reader.ProveAsync("default", -1, Ct));
    }

    [Fact]
    public async Task EachTwoHeads_AreProvenConsistent()
    {
        using Instance one = Beside(Store);
        List<SignedTreeHead> heads = [];
        for (int i = 0; i < 6; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i}"));
            heads.Add((await one.Reader.HeadAsync("default", Ct))!);
        }

        foreach (SignedTreeHead old in heads)
        {
            foreach (SignedTreeHead later in heads.Where(h => h.Head.Size >= old.Head.Size))
            {
                (ConsistencyProof proof, SignedTreeHead? newest) = (await one.Reader.ProveConsistencyAsync("default", old.Head.Size, later.Head.Size, Ct))!.Value;
                Assert.True(proof.Verify(old.Head.Root, later.Head.Root));
                Assert.Equal(heads[^1], newest);
            }
        }

        Assert.Null(await one.Reader.ProveConsistencyAsync("default", 7, 0, Ct));
        Assert.Null(await one.Reader.ProveConsistencyAsync("default", 3, 2, Ct));
        Assert.Null(await one.Reader.ProveConsistencyAsync("default", 1, 7, Ct));
    }

    [Fact]
    public async Task Entries_ComeInPages_AlsoThoseOfOneResource()
    {
        using Instance one = Beside(Store);
        for (int i = 0; i < 7; i++)
        {
            await CreatedAsync(Samples.Value($"release-{i}"));
        }

        await ChangedAsync(Samples.Revoke("release-3"));
        List<long> all = [];
        for (long next = 0; next < 8;)
        {
            ChangePage page = await one.Reader.ListAsync("default", next, 3, null, Ct);
            Assert.Equal(8, page.Size);
            all.AddRange(page.Entries.Select(e => e.Index));
            Assert.True(page.Next > next);
            next = page.Next;
        }

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], all);
        ChangePage some = await one.Reader.ListAsync("default", 0, 100, "referenceValues/release-3", Ct);
        Assert.Equal([3, 7], some.Entries.Select(e => e.Index));
        Assert.Equal(8, some.Next);
        ChangePage first = await one.Reader.ListAsync("default", 0, 1, "referenceValues/release-3", Ct);
        Assert.Equal(7, Assert.Single((await one.Reader.ListAsync("default", first.Next, 1, "referenceValues/release-3", Ct)).Entries).Index);
        Assert.Empty((await one.Reader.ListAsync("default", 8, 10, null, Ct)).Entries);
        Assert.Empty((await one.Reader.ListAsync("default", 0, 10, "referenceValues/other", Ct)).Entries);
    }

    [Fact]
    public async Task T76_EntryThatIsNotTheFollowedOne_IsNotProven()
    {
        using Instance one = Beside(Store);
        await CreatedAsync(Samples.Value("release-1"));
        await CreatedAsync(Samples.Value("release-2"));
        await one.FollowAsync();
        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 2, Ct);
        await ForgeLeafAsync(0, leaves[1].Data.ToArray());
        Assert.Equal(LogFault.Broken, (await Assert.ThrowsAsync<LogRefusedException>(() => one.Reader.ProveAsync("default", 0, Ct))).Reason);
        Assert.NotNull(await one.Reader.ProveAsync("default", 1, Ct));

        // Whoever looks for what is wrong gets the entries as they are.
        Assert.Equal(2, (await one.Reader.ListAsync("default", 0, 10, null, Ct)).Entries.Count);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("other tenant")]
    [InlineData("other key")]
    public async Task T70_DamagedMemoryOfTheHighestHead_IsRefused_NotTakenForNone(string damage)
    {
        await CreatedAsync(Samples.Value("release-1"));
        string directory;
        using (Instance one = Beside(Store))
        {
            directory = one.Directory;
            await one.FollowAsync();
        }

        string file = Path.Combine(directory, "log-head-default.json");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        byte[] good = await File.ReadAllBytesAsync(file, Ct);
        using LogKeyRing keys = Keys();
        using System.Security.Cryptography.ECDsa foreign = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        Assert.True(StoredHead.TryRead(good, out StoredHead? head));
        await File.WriteAllBytesAsync(
            file,
            damage switch
            {
                "cut" => good[..^1],
                "other tenant" => StoredHead.Sign(keys.Signer, "other", head.Frontier, Samples.Noon).Encode(),
                _ => StoredHead.Sign(new HeadSigner(foreign), "default", head.Frontier, Samples.Noon).Encode(),
            },
            Ct);
        using (Instance again = Beside(Store, directory))
        {
            Assert.Equal(LogFault.RolledBack, await again.RefusedAsync(Samples.Digest()));
        }

        await File.WriteAllBytesAsync(file, good, Ct);
        using Instance right = Beside(Store, directory);
        Assert.Empty((await right.FindAsync(Samples.Digest())).Values);
    }

    [Fact]
    public async Task WriterWithAClockFarBehind_IsRefused_AndTheLogStaysWhole()
    {
        using Instance one = Beside(Store);
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", digest));
        StateChange late = Samples.Deprecate("release-1") with { At = Samples.Noon - LogReplay.ClockTolerance - TimeSpan.FromSeconds(1) };
        await Assert.ThrowsAsync<StoreUnavailableException>(() => References.ChangeStateAsync(late, null, Ct));
        await ChangedAsync(late with { At = Samples.Noon - LogReplay.ClockTolerance });
        await ChangedAsync(Samples.Revoke("release-1"));
        Assert.False(Usable(await one.FindAsync(digest)));
        Assert.Null(await one.AuditAsync());
    }
}
