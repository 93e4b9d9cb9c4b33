using System.Text.Json;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Created_IsFoundByIdAndByEachMeasurement()
    {
        Digest384 a = Samples.Digest(), b = Samples.Digest();
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1", a, b));

        Assert.NotEmpty(created.Etag);
        Assert.Equal(created.Etag, (await References.GetAsync("default", "release-1", Ct))!.Etag);
        Assert.Equal("release-1", Assert.Single((await References.FindAsync("default", a, Ct)).Values).Id);
        Assert.Equal("release-1", Assert.Single((await References.FindAsync("default", b, Ct)).Values).Id);
    }

    [Fact]
    public async Task Unknown_IsNotFound()
    {
        Digest384 digest = Samples.Digest();
        MeasurementEntry entry = await References.FindAsync("default", digest, Ct);
        Assert.Equal(digest, entry.Measurement);
        Assert.Null(entry.Tombstone);
        Assert.Empty(entry.Values);
        Assert.Null(await References.GetAsync("default", "nobody", Ct));
        Assert.IsType<ChangeOutcome.NotFound>(await References.ChangeStateAsync(Samples.Deprecate("nobody"), null, Ct));
        Assert.Equal(0, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task EveryMember_ComesBackAsStored()
    {
        StoredReferenceValue value = Samples.Value("release-1") with
        {
            Provenance = new(Samples.Digest(), 1234, "https://example.org/svsm", "abcdef", "https://example.org/run/1"),
            Registrar = "Grüße \u2028 \"quoted\"",
        };
        value = value with
        {
            Value = value.Value with { Constraints = Samples.EveryConstraint(), ExpireTime = Samples.Noon.AddDays(1).AddTicks(7), State = ReferenceState.Pending },
        };
        StoredReferenceValue created = await CreatedAsync(value);
        StoredReferenceValue? read = await References.GetAsync("default", "release-1", Ct);
        Assert.Equal(RecordCodec.Encode(created), RecordCodec.Encode(read!));
        Assert.Equal(RecordCodec.Encode(value with { Etag = created.Etag }), RecordCodec.Encode(read!));
    }

    [Fact]
    public async Task SameId_IsTaken_EvenWithOtherContent()
    {
        await CreatedAsync(Samples.Value("release-1"));
        Assert.IsType<ChangeOutcome.AlreadyExists>(await References.CreateAsync(Samples.Value("release-1"), null, Ct));
        Assert.Equal(1, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task SeveralValuesOfOneMeasurement_AreAllFound()
    {
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("b", digest));
        await CreatedAsync(Samples.Value("a", digest, Samples.Digest()));
        await CreatedAsync(Samples.Value("c"));
        Assert.Equal(["a", "b"], (await References.FindAsync("default", digest, Ct)).Values.Select(v => v.Id).Order());
    }

    [Fact]
    public async Task States_MoveOnlyAlongAllowedSteps()
    {
        StoredReferenceValue pending = Samples.Value("default", "release-1", [Samples.Digest()], state: ReferenceState.Pending);
        await CreatedAsync(pending);

        Assert.Equal(new ChangeOutcome.WrongState(ReferenceState.Pending), await References.ChangeStateAsync(Samples.Deprecate("release-1"), null, Ct));
        Assert.Equal(ReferenceState.Active, (await ChangedAsync(Samples.Activate("release-1"))).Value.State);
        Assert.Equal(ReferenceState.Deprecated, (await ChangedAsync(Samples.Deprecate("release-1"))).Value.State);
        Assert.Equal(ReferenceState.Active, (await ChangedAsync(Samples.Activate("release-1"))).Value.State);
        StoredReferenceValue revoked = await ChangedAsync(Samples.Revoke("release-1"));
        Assert.Equal(("key leaked", Samples.Noon.AddMinutes(1), Samples.Noon), (revoked.RevokeReason, revoked.UpdateTime, revoked.CreateTime));
        Assert.Equal(new ChangeOutcome.WrongState(ReferenceState.Revoked), await References.ChangeStateAsync(Samples.Activate("release-1"), null, Ct));
        Assert.Equal(new ChangeOutcome.WrongState(ReferenceState.Revoked), await References.ChangeStateAsync(Samples.Revoke("release-1"), null, Ct));
    }

    [Fact]
    public async Task Etag_ChangesWithEveryChange_AndGuardsTheNext()
    {
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1"));
        StoredReferenceValue deprecated = await ChangedAsync(Samples.Deprecate("release-1", created.Etag));
        Assert.Equal(new ChangeOutcome.EtagMismatch(deprecated.Etag), await References.ChangeStateAsync(Samples.Activate("release-1", created.Etag), null, Ct));
        StoredReferenceValue active = await ChangedAsync(Samples.Activate("release-1", deprecated.Etag));
        StoredReferenceValue again = await ChangedAsync(Samples.Deprecate("release-1", active.Etag));
        Assert.Equal(4, new[] { created.Etag, deprecated.Etag, active.Etag, again.Etag }.Distinct().Count());
    }

    [Fact]
    public async Task T71_RevokedMeasurement_StaysRevokedWhoeverRegistersIt()
    {
        Digest384 shared = Samples.Digest(), own = Samples.Digest(), other = Samples.Digest();
        await CreatedAsync(Samples.Value("bad", shared, own));
        await CreatedAsync(Samples.Value("good", shared, other));
        StoredReferenceValue pending = Samples.Value("default", "pending", [shared], state: ReferenceState.Pending);
        await CreatedAsync(pending);
        await ChangedAsync(Samples.Revoke("bad"));

        foreach (Digest384 digest in new[] { shared, own })
        {
            Tombstone tombstone = (await References.FindAsync("default", digest, Ct)).Tombstone!;
            Assert.Equal(new Tombstone(digest, "key leaked", "tenants/default/referenceValues/bad", Samples.Noon.AddMinutes(1)), tombstone);
            ChangeOutcome again = await References.CreateAsync(Samples.Value("new", Samples.Digest(), digest), null, Ct);
            Assert.Equal(new ChangeOutcome.MeasurementRevoked(tombstone), again);
        }

        Assert.False(Usable(await References.FindAsync("default", shared, Ct)));
        Assert.True(Usable(await References.FindAsync("default", other, Ct)));
        Assert.IsType<ChangeOutcome.MeasurementRevoked>(await References.ChangeStateAsync(Samples.Activate("pending"), null, Ct));
        Assert.IsType<ChangeOutcome.MeasurementRevoked>(await References.CreateAsync(Samples.Value("bad", shared), null, Ct));
    }

    [Fact]
    public async Task T71_SecondRevocation_KeepsTheFirstTombstone()
    {
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("a", digest));
        await CreatedAsync(Samples.Value("b", digest));
        await ChangedAsync(Samples.Revoke("a", reason: "first"));
        await ChangedAsync(Samples.Revoke("b", reason: "second"));
        Assert.Equal("first", (await References.FindAsync("default", digest, Ct)).Tombstone!.Reason);
        Assert.Equal("second", (await References.GetAsync("default", "b", Ct))!.RevokeReason);
    }

    [Fact]
    public async Task Tenants_DoNotSeeEachOther()
    {
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("default", "release-1", [digest]));
        await CreatedAsync(Samples.Value("other", "release-1", [digest], image: "of-the-other"));
        await ChangedAsync(Samples.Revoke("release-1"));

        Assert.True(Usable(await References.FindAsync("other", digest, Ct)));
        Assert.False(Usable(await References.FindAsync("default", digest, Ct)));
        Assert.Equal("of-the-other", (await References.GetAsync("other", "release-1", Ct))!.Value.Image);
        Assert.Equal(1, await Store.Log.CountAsync("other", Ct));
        Assert.Equal(2, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task Log_HasOneLeafPerChange_InOrder_HashedAsRfc9162Says()
    {
        RequestKey request = new("8b0f5b0e-0000-4000-8000-000000000001", "f1");
        await CreatedAsync(Samples.Value("release-1"), request);
        await CreatedAsync(Samples.Value("release-1"), request);
        await ChangedAsync(Samples.Deprecate("release-1"));
        await References.ChangeStateAsync(Samples.Deprecate("release-1"), null, Ct);
        await ChangedAsync(Samples.Revoke("release-1"));

        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 100, Ct);
        Assert.Equal(3, await Store.Log.CountAsync("default", Ct));
        Assert.Equal([0, 1, 2], leaves.Select(l => l.Index));
        Assert.All(leaves, l => Assert.Equal(System.Security.Cryptography.SHA256.HashData([0, .. l.Data.Span]), l.LeafHash.ToArray()));
        Assert.Equal(["create", "deprecate", "revoke"], leaves.Select(l => JsonDocument.Parse(l.Data).RootElement.GetProperty("action").GetString()));
        Assert.Equal(["registrar", "operator", "operator"], leaves.Select(l => JsonDocument.Parse(l.Data).RootElement.GetProperty("actor").GetProperty("name").GetString()));

        Assert.Equal([1, 2], (await Store.Log.ReadAsync("default", 1, 5, Ct)).Select(l => l.Index));
        Assert.Equal([1], (await Store.Log.ReadAsync("default", 1, 1, Ct)).Select(l => l.Index));
        Assert.Empty(await Store.Log.ReadAsync("default", 3, 5, Ct));
    }

    [Fact]
    public async Task Ping_Succeeds() => await References.PingAsync(Ct);

    [Fact]
    public async Task CancelledCall_IsNotMade()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => References.CreateAsync(Samples.Value("release-1"), null, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => References.FindAsync("default", Samples.Digest(), source.Token));
        Assert.Null(await References.GetAsync("default", "release-1", Ct));
    }
}
