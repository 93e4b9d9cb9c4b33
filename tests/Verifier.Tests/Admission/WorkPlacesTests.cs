using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>T94, F49: who gets a place, who waits and who is told to come back.</summary>
public sealed class WorkPlacesTests : IDisposable
{
    private readonly PlacesBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Lanes_AreServedInTheirOrder_HoweverTheyCame()
    {
        Place shared = await _bench.FillAsync();
        Task<Place>[] waiting = [.. Enum.GetValues<Lane>().Reverse().Select(lane => _bench.Enter(lane))];

        Assert.Equal("Revocation/t/a Challenge/t/a Verify/t/a Read/t/a Registration/t/a", await PlacesBench.ServedAsync(shared, waiting));
    }

    [Theory]
    [InlineData(Lane.Revocation)]
    [InlineData(Lane.Challenge)]
    [InlineData(Lane.Read)]
    [InlineData(Lane.Registration)]
    internal async Task EachLane_HasAPlaceOfItsOwn_WhateverFillsTheOthers(Lane lane)
    {
        using Place first = await _bench.Enter();
        using Place second = await _bench.Enter();
        Task<Place> third = _bench.Enter();
        Assert.False(third.IsCompleted);

        Assert.True(_bench.Enter(lane).IsCompletedSuccessfully);
        Assert.False(_bench.Enter(lane).IsCompleted);
    }

    [Theory]
    [InlineData(Lane.Revocation, 5)]
    [InlineData(Lane.Verify, 5)]
    [InlineData(Lane.Challenge, 3)]
    [InlineData(Lane.Read, 3)]
    [InlineData(Lane.Registration, 2)]
    internal void OtherLanes_CannotHaveAllSharedPlaces(Lane lane, int most)
    {
        using PlacesBench bench = new(concurrency: 4);

        Assert.Equal(most, Enumerable.Range(0, 8).Count(i => bench.Enter(lane, $"{i}").IsCompletedSuccessfully));
    }

    [Fact]
    public async Task FullQueue_RefusesTheNewest_AndServesThoseWhoWait()
    {
        Place shared = await _bench.FillAsync();
        Task<Place>[] waiting = [.. Enumerable.Range(0, 40).Select(i => _bench.Enter(identity: $"{i}", tenant: $"t{i:00}"))];

        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(_bench.Enter(identity: "late", tenant: "late")));
        Assert.Equal(RefusalReason.Overloaded, _bench.Places.WouldRefuse(Lane.Verify, "asker", null)!.Value.Reason);
        Assert.Null(_bench.Places.WouldRefuse(Lane.Read, "asker", null));
        Assert.Null(_bench.Places.WouldRefuse(Lane.Revocation, "asker", null));
        Assert.StartsWith("Verify/t00/0 Verify/t01/1 Verify/t02/2", await PlacesBench.ServedAsync(shared, waiting), StringComparison.Ordinal);
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", null));
    }

    [Theory]
    [InlineData(0.5, 80)]
    [InlineData(2, 20)]
    [InlineData(10, 4)]
    [InlineData(100, 4)]
    public async Task Queue_IsAsLongAsItsWorkTakes20Milliseconds(double milliseconds, int most)
    {
        await _bench.LearnAsync(TimeSpan.FromMilliseconds(milliseconds));
        await _bench.FillAsync();

        int waiting = Enumerable.Range(0, 200).Count(i => !_bench.Enter(identity: $"{i}", tenant: $"t{i}").IsFaulted);

        Assert.InRange(waiting, most - 1, most + 1);
    }

    // As the first call of a fresh process is: forty were there before it, and some thirty must be left.
    [Fact]
    public async Task CallThatWasHeldUp_HardlyShortensTheQueue()
    {
        await _bench.LearnAsync(TimeSpan.FromMilliseconds(1));
        using (Place slow = await _bench.Enter())
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        await _bench.FillAsync();

        Assert.InRange(Enumerable.Range(0, 200).Count(i => !_bench.Enter(identity: $"{i}", tenant: $"t{i}").IsFaulted), 28, 32);
    }

    [Fact]
    public async Task OneCaller_HasHalfOfTheQueueAtMost_AndOthersStillComeIn()
    {
        await _bench.FillAsync();

        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => !_bench.Enter(identity: "flood").IsFaulted));
        Assert.Equal(RefusalReason.CallerShare, await PlacesBench.RefusedAsync(_bench.Enter(identity: "flood")));
        Assert.Equal(RefusalReason.CallerShare, _bench.Places.WouldRefuse(Lane.Verify, "flood", null)!.Value.Reason);
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "other", null));
        Assert.False(_bench.Enter(identity: "other").IsFaulted);
    }

    [Fact]
    public async Task OneTenant_LeavesRoomForOthers_HoweverManyCallersItHas()
    {
        await _bench.FillAsync();

        Assert.Equal(30, Enumerable.Range(0, 100).Count(i => !_bench.Enter(identity: $"{i}", tenant: "flood").IsFaulted));
        Assert.Equal(RefusalReason.TenantShare, await PlacesBench.RefusedAsync(_bench.Enter(identity: "new", tenant: "flood")));
        Assert.False(_bench.Enter(tenant: "other").IsFaulted);
    }

    [Fact]
    public async Task Turns_GoRound_BetweenCallers_AndBetweenTenants()
    {
        Place shared = await _bench.FillAsync();
        (string Tenant, string Identity)[] came = [("x", "a"), ("x", "a"), ("x", "a"), ("x", "b"), ("y", "c"), ("y", "c")];
        Task<Place>[] waiting = [.. came.Select(c => _bench.Enter(identity: c.Identity, tenant: c.Tenant))];

        Assert.Equal("Verify/x/a Verify/y/c Verify/x/b Verify/y/c Verify/x/a Verify/x/a", await PlacesBench.ServedAsync(shared, waiting));
    }

    [Fact]
    public async Task ItemsOfStreams_AreNeverRefused_AndTakeNoRoomFromCalls()
    {
        Place shared = await _bench.FillAsync();
        Task<Place>[] items = [.. Enumerable.Range(0, 500).Select(_ => _bench.Places.WaitAsync(new Claimant(Lane.Verify, "t", "a"), TestContext.Current.CancellationToken).AsTask())];
        Task<Place> call = _bench.Enter();

        Assert.All(items, i => Assert.False(i.IsFaulted));
        shared.Dispose();
        using Place item = await items[0];
        item.Dispose();
        using Place served = await call.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(499, _bench.Places.Waiting);
    }

    [Fact]
    public async Task CallerWhoLeaves_WaitsNoMore_AndLeavesNothingBehind()
    {
        Place shared = await _bench.FillAsync();
        using CancellationTokenSource leaving = new();
        Task<Place> gone = _bench.EnterUntil(leaving.Token);
        Task<Place> next = _bench.Enter();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(1, _bench.Places.Waiting);
        Assert.Equal("Verify/t/a", await PlacesBench.ServedAsync(shared, next));
    }

    [Fact]
    public async Task PlaceGivenBackTwice_CountsOnce()
    {
        Place first = await _bench.Enter();
        Place second = await _bench.Enter();

        first.Dispose();
        first.Dispose();

        Assert.Equal(1, _bench.Places.InUse);
        second.Dispose();
        Assert.Equal(0, _bench.Places.InUse);
    }

    [Fact]
    public async Task WhoHoldsAPlaceAndDoesNothing_LosesItToThoseWhoWait()
    {
        Place shared = await _bench.FillAsync();
        _bench.Clock.Advance(TimeSpan.FromSeconds(10));
        Task<Place> next = _bench.Enter();
        Assert.False(next.IsCompleted);

        _bench.Clock.Advance(TimeSpan.FromMilliseconds(25));

        using Place served = await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(shared.IsHeld);
        shared.Dispose();
        Assert.Equal(1, _bench.Places.InUse);
    }
}
