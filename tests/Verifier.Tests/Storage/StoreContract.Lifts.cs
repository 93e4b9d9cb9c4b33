using System.Text.Json;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    [Fact]
    public async Task T71_LiftedRevocation_IsGone_AndTheLogSaysSo()
    {
        Digest384 lifted = Samples.Digest(), kept = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", lifted, kept));
        await CreatedAsync(Samples.Value("release-2", lifted));
        await ChangedAsync(Samples.Revoke("release-1"));
        await DocumentAsync(Asked("again", lifted));
        Assert.False(Usable(await References.FindAsync("default", lifted, Ct)));

        await DocumentAsync(Approved("again", lifted, "another"));

        Assert.True(Usable(await References.FindAsync("default", lifted, Ct)));
        Assert.NotNull((await References.FindAsync("default", kept, Ct)).Tombstone);
        Assert.Equal(ReferenceState.Revoked, (await References.GetAsync("default", "release-1", Ct))!.Value.State);
        Assert.True((await References.FindAsync("default", lifted, Ct)).IsLifted);
        Assert.False((await References.FindAsync("default", kept, Ct)).IsLifted);
        JsonElement entry = JsonDocument.Parse((await Store.Log.ReadAsync("default", 4, 1, Ct))[0].Data).RootElement;
        Assert.Equal(("lift", "another"), (entry.GetProperty("action").GetString(), entry.GetProperty("actor").GetProperty("name").GetString()));
        Assert.Equal([lifted.ToString()], entry.GetProperty("lifted").EnumerateArray().Select(e => e.GetString()));
        Assert.IsType<ChangeOutcome.Done>(await References.CreateAsync(Samples.Value("release-3", lifted), null, Ct));

        await ChangedAsync(Samples.Revoke("release-2"));
        MeasurementEntry again = await References.FindAsync("default", lifted, Ct);
        Assert.NotNull(again.Tombstone);
        Assert.False(again.IsLifted);
    }

    [Fact]
    public async Task Lift_ByTheSameAuthor_OfWhatIsNotRevoked_OrOnlyTried_ChangesNothing()
    {
        Digest384 revoked = Samples.Digest(), other = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", revoked));
        await CreatedAsync(Samples.Value("release-2", other));
        await ChangedAsync(Samples.Revoke("release-1"));
        await DocumentAsync(Asked("a", revoked));
        await DocumentAsync(Asked("b", other));
        long entries = await Store.Log.CountAsync("default", Ct);

        Assert.IsType<DocumentOutcome.SameAuthor>(await Documents.ChangeAsync(Approved("a", revoked, "operator"), null, Ct));
        Assert.IsType<DocumentOutcome.NotRevoked>(await Documents.ChangeAsync(Approved("b", other, "another"), null, Ct));
        Assert.IsType<DocumentOutcome.Done>(await Documents.ChangeAsync(Approved("a", revoked, "another") with { ValidateOnly = true }, null, Ct));
        Assert.IsType<DocumentOutcome.EtagMismatch>(await Documents.ChangeAsync(Approved("a", revoked, "another") with { ExpectedEtag = "stale" }, null, Ct));

        Assert.NotNull((await References.FindAsync("default", revoked, Ct)).Tombstone);
        Assert.Equal(entries, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task T71_LiftRacingAnother_LiftsOnce()
    {
        IStore other = Shared();
        await ReadyAsync(other);
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", digest));
        await ChangedAsync(Samples.Revoke("release-1"));
        await DocumentAsync(Asked("a", digest));
        DocumentOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Store : other).Documents.ChangeAsync(Approved("a", digest, $"another-{i}"), null, Ct))));
        Assert.Single(outcomes.OfType<DocumentOutcome.Done>());
        Assert.All(outcomes, o => Assert.True(o is DocumentOutcome.Done or DocumentOutcome.NotRevoked, o.ToString()));
    }

    [Fact]
    public async Task Activation_ThatAnotherMustMake_IsRefusedToTheRegistrarAlone()
    {
        StoredReferenceValue pending = Samples.Value("default", "release-1", [Samples.Digest()], state: ReferenceState.Pending) with { Registrar = "operator" };
        await CreatedAsync(pending);

        Assert.IsType<ChangeOutcome.SameRegistrar>(await References.ChangeStateAsync(Samples.Activate("release-1") with { ByAnother = true }, null, Ct));
        Assert.Equal(ReferenceState.Pending, (await References.GetAsync("default", "release-1", Ct))!.Value.State);
        await ChangedAsync(Samples.Activate("release-1") with { ByAnother = true, Actor = Actor.Named("another") });
        Assert.Equal(ReferenceState.Active, (await References.GetAsync("default", "release-1", Ct))!.Value.State);
    }

    private static DocumentChange Asked(string id, Digest384 digest) =>
        Change(id, $$"""{"digest":"{{digest}}"}""", DocumentStep.Create) with { Kind = DocumentKind.LiftRequest };

    private static DocumentChange Approved(string id, Digest384 digest, string by) =>
        Change(id, $$"""{"digest":"{{digest}}","by":"{{by}}"}""", DocumentStep.Replace) with
        {
            Kind = DocumentKind.LiftRequest,
            Actor = Actor.Named(by),
            ByAnother = true,
            Lifts = digest,
        };
}
