using System.Security.Cryptography;
using Verifier.Service.Challenges;

namespace Verifier.Tests.Storage;

/// <summary>What every store owes to challenges.</summary>
public abstract partial class StoreContract
{
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromSeconds(120);

    private protected IChallengeStore Challenges => Store.Challenges;

    [Fact]
    public async Task T57_Challenge_ServesOnce()
    {
        byte[] challenge = await IssuedAsync();

        Assert.True(await Challenges.TrySpendAsync("default", challenge, Ct));
        Assert.False(await Challenges.TrySpendAsync("default", challenge, Ct));
    }

    [Fact]
    public async Task T57_ChallengeNobodyIssued_DoesNotServe()
    {
        byte[] challenge = await IssuedAsync(), other = [.. challenge];
        other[63] ^= 1;

        Assert.False(await Challenges.TrySpendAsync("default", RandomNumberGenerator.GetBytes(64), Ct));
        Assert.False(await Challenges.TrySpendAsync("default", other, Ct));
        Assert.False(await Challenges.TrySpendAsync("default", challenge.AsMemory(..63), Ct));
        Assert.True(await Challenges.TrySpendAsync("default", challenge, Ct));
    }

    [Fact]
    public async Task T57_ChallengeOfAnotherTenant_DoesNotServe()
    {
        byte[] challenge = await IssuedAsync();

        Assert.False(await Challenges.TrySpendAsync("other", challenge, Ct));
        Assert.True(await Challenges.TrySpendAsync("default", challenge, Ct));
    }

    [Fact]
    public async Task T57_Challenge_ServesUntilItExpires()
    {
        byte[] first = await IssuedAsync(), second = await IssuedAsync();

        await PassAsync(ChallengeLife - TimeSpan.FromSeconds(30));
        Assert.True(await Challenges.TrySpendAsync("default", first, Ct));
        await PassAsync(TimeSpan.FromSeconds(31));
        Assert.False(await Challenges.TrySpendAsync("default", second, Ct));
    }

    [Fact]
    public async Task T57_Restart_NeitherForgetsNorRevivesAChallenge()
    {
        byte[] used = await IssuedAsync(), unused = await IssuedAsync();
        Assert.True(await Challenges.TrySpendAsync("default", used, Ct));

        await ReopenAsync();

        Assert.False(await Challenges.TrySpendAsync("default", used, Ct));
        Assert.True(await Challenges.TrySpendAsync("default", unused, Ct));
    }

    [Fact]
    public async Task T57_ManyAtOnce_HaveOneWinner()
    {
        byte[][] challenges = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IssuedAsync()));

        bool[][] won = await Task.WhenAll(challenges.Select(c => Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Challenges.TrySpendAsync("default", c, Ct)))));

        Assert.All(won, w => Assert.Equal(1, w.Count(x => x)));
    }

    [Fact]
    public async Task OutstandingChallenges_AreBoundedPerTenant()
    {
        byte[] first = await IssuedAsync(most: 2), second = await IssuedAsync(most: 2);

        Assert.False(await TryIssueAsync(RandomNumberGenerator.GetBytes(64), most: 2));
        await IssuedAsync("other", most: 1);
        Assert.False(await TryIssueAsync(RandomNumberGenerator.GetBytes(64), most: 2));
        Assert.True(await Challenges.TrySpendAsync("default", first, Ct));
        await IssuedAsync(most: 2);
        Assert.False(await TryIssueAsync(RandomNumberGenerator.GetBytes(64), most: 2));
        Assert.True(await Challenges.TrySpendAsync("default", second, Ct));
    }

    [Fact]
    public async Task ExpiredChallenges_MakeRoom()
    {
        await IssuedAsync(most: 1);
        Assert.False(await TryIssueAsync(RandomNumberGenerator.GetBytes(64), most: 1));

        await PassAsync(ChallengeLife + TimeSpan.FromSeconds(1));

        await IssuedAsync(most: 1);
    }

    [Fact]
    public async Task RefusedChallenge_DoesNotServe()
    {
        await IssuedAsync(most: 1);
        byte[] refused = RandomNumberGenerator.GetBytes(64);
        Assert.False(await TryIssueAsync(refused, most: 1));

        Assert.False(await Challenges.TrySpendAsync("default", refused, Ct));
    }

    [Fact]
    public async Task ManyIssuedAtOnce_StayWithinTheBound()
    {
        byte[][] challenges = [.. Enumerable.Range(0, 40).Select(_ => RandomNumberGenerator.GetBytes(64))];

        bool[] kept = await Task.WhenAll(challenges.Select(c => TryIssueAsync(c, most: 10)));
        bool[] serve = await Task.WhenAll(challenges.Select(c => Challenges.TrySpendAsync("default", c, Ct)));

        Assert.InRange(kept.Count(k => k), 1, 10);
        Assert.Equal(kept, serve);
    }

    private protected Task<bool> TryIssueAsync(byte[] challenge, string tenant = "default", int most = 1000) =>
        Challenges.TryAddAsync(tenant, challenge, ChallengeLife, most, Ct);

    private protected async Task<byte[]> IssuedAsync(string tenant = "default", int most = 1000)
    {
        byte[] challenge = RandomNumberGenerator.GetBytes(64);
        Assert.True(await TryIssueAsync(challenge, tenant, most));
        return challenge;
    }
}
