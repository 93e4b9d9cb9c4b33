using System.Text.Json;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private protected static readonly RequestKey First = new("5f2c63a2-61f6-4ab0-8f4e-3a8a8f0f5c10", "fingerprint-1");

    [Fact]
    public async Task RepeatedRequest_GivesTheFirstAnswer_EvenAfterLaterChanges()
    {
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1"), First);
        await ChangedAsync(Samples.Revoke("release-1"));
        StoredReferenceValue repeated = await CreatedAsync(Samples.Value("release-1"), First);
        Assert.Equal((created.Etag, ReferenceState.Active), (repeated.Etag, repeated.Value.State));
        Assert.Equal(2, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task RepeatedStateChange_GivesTheFirstAnswer()
    {
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1"));
        StoredReferenceValue revoked = await ChangedAsync(Samples.Revoke("release-1", created.Etag), First);
        StoredReferenceValue repeated = await ChangedAsync(Samples.Revoke("release-1", created.Etag), First);
        Assert.Equal(revoked.Etag, repeated.Etag);
        Assert.Equal(2, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task RequestIdOfAnotherRequest_IsRefused()
    {
        await CreatedAsync(Samples.Value("release-1"), First);
        RequestKey other = First with { Fingerprint = "fingerprint-2" };
        Assert.IsType<ChangeOutcome.RequestIdReused>(await References.CreateAsync(Samples.Value("release-2"), other, Ct));
        Assert.IsType<ChangeOutcome.RequestIdReused>(await References.ChangeStateAsync(Samples.Revoke("release-1"), other, Ct));
        Assert.Null(await References.GetAsync("default", "release-2", Ct));
        Assert.Equal(ReferenceState.Active, (await References.GetAsync("default", "release-1", Ct))!.Value.State);
    }

    [Fact]
    public async Task RequestIdOfAnotherTenant_IsAnotherRequest()
    {
        await CreatedAsync(Samples.Value("default", "release-1", [Samples.Digest()]), First);
        await CreatedAsync(Samples.Value("other", "release-1", [Samples.Digest()]), First with { Fingerprint = "fingerprint-2" });
    }

    [Fact]
    public async Task FailedRequest_IsTriedAnew()
    {
        Assert.IsType<ChangeOutcome.NotFound>(await References.ChangeStateAsync(Samples.Deprecate("release-1"), First, Ct));
        await CreatedAsync(Samples.Value("release-1"));
        await ChangedAsync(Samples.Deprecate("release-1"), First);
    }

    [Fact]
    public async Task RequestId_IsForgottenAfterADay()
    {
        await CreatedAsync(Samples.Value("release-1"), First);
        await PassAsync(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.IsType<ChangeOutcome.AlreadyExists>(await References.CreateAsync(Samples.Value("release-1"), First, Ct));
        await CreatedAsync(Samples.Value("release-2"), First with { Fingerprint = "fingerprint-2" });
    }

    [Fact]
    public async Task RequestId_IsKeptForADay()
    {
        await CreatedAsync(Samples.Value("release-1"), First);
        await PassAsync(TimeSpan.FromHours(23));
        await CreatedAsync(Samples.Value("release-1"), First);
    }

    [Fact]
    public async Task T79_ParallelRepeatsOfOneRequest_ChangeOnceAndAnswerTheSame()
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CreatedAsync(Samples.Value("release-1", digest), First))));
        Assert.Single(answers.Select(a => a.Etag).Distinct());
        Assert.Equal(1, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task T79_ParallelCreatesOfOneId_HaveOneWinner()
    {
        ChangeOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => References.CreateAsync(Samples.Value("release-1"), null, Ct))));
        Assert.Single(outcomes.OfType<ChangeOutcome.Done>());
        Assert.Equal(15, outcomes.OfType<ChangeOutcome.AlreadyExists>().Count());
        Assert.Equal(1, await Store.Log.CountAsync("default", Ct));
    }

    [Fact]
    public async Task T79_ParallelStateChangesWithOneEtag_HaveOneWinner()
    {
        StoredReferenceValue created = await CreatedAsync(Samples.Value("release-1"));
        ChangeOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            References.ChangeStateAsync(i % 2 == 0 ? Samples.Deprecate("release-1", created.Etag) : Samples.Revoke("release-1", created.Etag), null, Ct))));
        Assert.Single(outcomes.OfType<ChangeOutcome.Done>());
        Assert.Equal(15, outcomes.OfType<ChangeOutcome.EtagMismatch>().Count());
    }

    [Fact]
    public async Task T71_RegistrationsRacingARevocation_AreNeverUsableAfterIt()
    {
        for (int round = 0; round < 20; round++)
        {
            Digest384 digest = Samples.Digest();
            await CreatedAsync(Samples.Value($"r{round}", digest));
            Task<ChangeOutcome>[] registrations = [.. Enumerable.Range(0, 12).Select(i => Task.Run(() =>
                References.CreateAsync(Samples.Value($"r{round}-{i}", digest), null, Ct)))];
            await Task.Run(() => ChangedAsync(Samples.Revoke($"r{round}")));

            Assert.False(Usable(await References.FindAsync("default", digest, Ct)));
            ChangeOutcome[] outcomes = await Task.WhenAll(registrations);
            Assert.All(outcomes, o => Assert.True(o is ChangeOutcome.Done or ChangeOutcome.MeasurementRevoked, o.ToString()));
            Assert.False(Usable(await References.FindAsync("default", digest, Ct)));

            Assert.Equal(outcomes.OfType<ChangeOutcome.Done>().Count(), (await References.FindAsync("default", digest, Ct)).Values.Count - 1);
        }

        // Whoever was registered came before the revocation.
        HashSet<string> revoked = [];
        foreach (LogLeaf leaf in await Store.Log.ReadAsync("default", 0, 1000, Ct))
        {
            JsonElement entry = JsonDocument.Parse(leaf.Data).RootElement;
            string id = entry.GetProperty("resource").GetString()!["referenceValues/".Length..];
            Assert.DoesNotContain(id.Split('-')[0], revoked);
            if (entry.GetProperty("action").GetString() == "revoke")
            {
                revoked.Add(id);
            }
        }

        Assert.Equal(20, revoked.Count);
    }

    [Fact]
    public async Task ConcurrentWriters_LoseNothing()
    {
        const int Writers = 8, Each = 10;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await CreatedAsync(Samples.Value($"w{w}-{i}"));
            }
        })));
        Assert.Equal(Writers * Each, await Store.Log.CountAsync("default", Ct));
        IReadOnlyList<LogLeaf> leaves = await Store.Log.ReadAsync("default", 0, 1000, Ct);
        Assert.Equal(Enumerable.Range(0, Writers * Each).Select(i => (long)i), leaves.Select(l => l.Index));
        Assert.Equal(Writers * Each, (await References.ListAsync("default", new(null, null), 500, null, Ct)).Values.Count);
    }
}
