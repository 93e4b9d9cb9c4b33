using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Codec;
using State = Verifier.Contracts.V1.ReferenceValue.Types.State;

namespace Verifier.EndToEnd.Tests.Kills;

/// <summary>
/// Holds a store to its own log, and the log to what clients were told: the head is signed and covers every entry, each entry follows
/// from those before, every record is what its last entry says, and every acknowledged change is there.
/// </summary>
internal static class StoreCheck
{
    private const string Tenant = "default";

    /// <summary>
    /// A service that outlived its Redis may bring a change to it after the restart, one that nobody was told of: what is compared counts
    /// only if the head is the same before and after.
    /// </summary>
    public static async Task HoldsAsync(IStore store, LogKeyRing keys, Acknowledged acknowledged)
    {
        for (int tried = 0; ; tried++)
        {
            byte[]? before = null, after = null;
            Exception? found = await Record.ExceptionAsync(async () =>
            {
                before = await store.Log.HeadAsync(Tenant, CancellationToken.None);
                await CompareAsync(store, keys, before, acknowledged);
            });
            Exception? unread = found is StoreUnavailableException ? found
                : await Record.ExceptionAsync(async () => after = await store.Log.HeadAsync(Tenant, CancellationToken.None));
            if (unread is null && after.AsSpan().SequenceEqual(before))
            {
                Assert.Null(found);
                return;
            }

            Assert.True(tried < 20, $"The store is still changed though nobody writes, or cannot be read: {unread}");
        }
    }

    /// <summary>How many of the changes that were acknowledged are not there.</summary>
    public static async Task<int> LostAsync(IStore store, Acknowledged acknowledged)
    {
        Dictionary<string, StoredReferenceValue> values = await ValuesAsync(store);
        return acknowledged.States.Count(a => !values.TryGetValue(a.Key, out StoredReferenceValue? value)
            || (a.Value == State.Revoked && value.Value.State != ReferenceState.Revoked));
    }

    private static async Task CompareAsync(IStore store, LogKeyRing keys, byte[]? head, Acknowledged acknowledged)
    {
        LogReplay replay = await ReplayAsync(store, keys, head);
        Dictionary<string, StoredReferenceValue> values = await ValuesAsync(store);
        Assert.Equal(replay.ResourceCount, values.Count);
        foreach (StoredReferenceValue value in values.Values)
        {
            Assert.True(replay.TryGetBody($"referenceValues/{value.Id}", out ReadOnlyMemory<byte> logged), $"{value.Id} is not in the log");
            Assert.True(logged.Span.SequenceEqual(RecordCodec.Encode(value)), $"{value.Id} is not what its last entry says");
            MeasurementEntry found = await store.References.FindAsync(Tenant, value.Value.Measurements[0].Digest, CancellationToken.None);
            Assert.Equal([value.Id], found.Values.Select(v => v.Id));
            Assert.Equal(value.Value.State == ReferenceState.Revoked, found.Tombstone is not null);
            Assert.Equal(found.Tombstone is not null, replay.IsRevoked(value.Value.Measurements[0].Digest.ToArray()));
        }

        foreach ((string id, State told) in acknowledged.States)
        {
            Assert.True(values.TryGetValue(id, out StoredReferenceValue? value), $"{id} was acknowledged and is not there");

            // A revocation whose answer was lost may have been made; one that was answered must have been.
            Assert.True(value.Value.State == ReferenceState.Revoked || told == State.Active, $"The revocation of {id} was acknowledged and is not there");
        }
    }

    private static async Task<LogReplay> ReplayAsync(IStore store, LogKeyRing keys, byte[]? stored)
    {
        Assert.True(StoredHead.TryRead(stored, out StoredHead? head));
        Assert.Equal(HeadCheck.Valid, keys.Verifier.Check(head.SignedHead));
        LogReplay replay = new(Tenant, keepBodies: true);
        TreeFrontier tree = TreeFrontier.Empty;
        while (tree.Size < head.SignedHead.Head.Size)
        {
            IReadOnlyList<LogLeaf> batch = await store.Log.ReadAsync(Tenant, tree.Size, (int)Math.Min(1000, head.SignedHead.Head.Size - tree.Size), CancellationToken.None);
            Assert.NotEmpty(batch);
            foreach (LogLeaf leaf in batch)
            {
                tree = tree.Append(TreeHashing.Leaf(leaf.Data.Span));
                Assert.True(replay.TryApply(leaf.Data, out _, out ReplayFault fault), $"entry {leaf.Index}: {fault}");
            }
        }

        Assert.Equal((tree.Size, tree.Root), (head.SignedHead.Head.Size, head.SignedHead.Head.Root));
        return replay;
    }

    private static async Task<Dictionary<string, StoredReferenceValue>> ValuesAsync(IStore store)
    {
        Dictionary<string, StoredReferenceValue> values = [];
        string? after = null;
        do
        {
            ReferencePage page = await store.References.ListAsync(Tenant, new ReferenceFilter(null, null), 500, after, CancellationToken.None);
            foreach (StoredReferenceValue value in page.Values)
            {
                values.Add(value.Id, value);
            }

            after = page.NextAfterId;
        }
        while (after is not null);
        return values;
    }
}
