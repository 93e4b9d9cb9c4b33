using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>A call that waits for the registry or for AMD's key service leaves its place to others meanwhile.</summary>
public sealed class WaitingForOthersTests : IDisposable
{
    private readonly PlacesBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StalledCall_HoldsNoPlace(bool isFar)
    {
        Place shared = await _bench.FillAsync();
        Task<Place> next = _bench.Enter(identity: "b");
        TaskCompletionSource<int> answer = new();

        Task<int> cold = Outside(shared, answer.Task, isFar);

        Place served = await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        answer.SetResult(7);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(cold.IsCompleted);
        served.Dispose();
        Assert.Equal(7, await cold);
        Assert.True(shared.IsHeld);
        shared.Dispose();
    }

    [Fact]
    public async Task WhatIsThereAlready_CostsNoTurn()
    {
        Place shared = await _bench.FillAsync();
        Task<Place> next = _bench.Enter();

        Assert.Equal(7, await shared.OutsideAsync(Task.FromResult(7), TestContext.Current.CancellationToken));

        Assert.True(shared.IsHeld);
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public async Task BegunWork_GoesOnBeforeNewOne()
    {
        (Place shared, Task<int> back, Task<Place>[] waiting) = await WaitOutsideAsync(isFar: false);

        shared.Dispose();

        Assert.Equal(7, await back.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task HerdThatWaitedForOneCertificate_TakesTurnsLikeAllOthers()
    {
        (Place shared, Task<int> back, Task<Place>[] waiting) = await WaitOutsideAsync(isFar: true);

        shared.Dispose();

        using Place first = await waiting[0].WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(back.IsCompleted);
    }

    [Fact]
    public async Task OutageWhileOutside_LeavesNothingTaken()
    {
        Place place = await _bench.Enter();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await place.OutsideAsync(FailAsync(), TestContext.Current.CancellationToken));
        Assert.Equal(0, _bench.Places.InUse);
        place.Dispose();

        Assert.Equal((0, 0), (_bench.Places.InUse, _bench.Places.Waiting));
    }

    [Fact]
    public async Task CallerWhoLeavesWhileOutside_LeavesNothingTaken()
    {
        Place shared = await _bench.FillAsync();
        using CancellationTokenSource leaving = new();
        TaskCompletionSource<int> answer = new();
        Task<int> outside = shared.OutsideAsync(answer.Task, leaving.Token).AsTask();
        Place other = await _bench.Enter(identity: "b");
        answer.SetResult(1);
        while (_bench.Places.Waiting == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => outside);
        shared.Dispose();
        other.Dispose();
        Assert.Equal((5, 0), (_bench.Places.InUse, _bench.Places.Waiting));
    }

    /// <summary>Others have the place and wait for it when a call comes back.</summary>
    private async Task<(Place Held, Task<int> Back, Task<Place>[] Waiting)> WaitOutsideAsync(bool isFar)
    {
        Place first = await _bench.FillAsync();
        TaskCompletionSource<int> answer = new();
        Task<int> back = Outside(first, answer.Task, isFar);
        Place held = await _bench.Enter(identity: "b");
        Task<Place>[] waiting = [_bench.Enter(identity: "c"), _bench.Enter(identity: "d")];
        answer.SetResult(7);
        while (_bench.Places.Waiting < 3)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return (held, back, waiting);
    }

    private static async Task<int> Outside(Place place, Task<int> task, bool isFar) => isFar
        ? await place.FarOutsideAsync(task, TestContext.Current.CancellationToken)
        : await place.OutsideAsync(task, TestContext.Current.CancellationToken);

    private static async Task<int> FailAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException();
    }
}
