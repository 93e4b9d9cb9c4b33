using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>Nothing is begun that cannot end in time.</summary>
public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(10);

    private readonly PlacesBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task WhileNothingIsKnown_NoDeadlineIsTooShort()
    {
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(1)));
        (await _bench.Enter()).Dispose();
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task LessTimeThanACallTakes_IsTheCallersOwnFault_AndIsSaidAtOnce()
    {
        await _bench.LearnAsync(Usual);

        Assert.Equal(RefusalReason.DeadlineTooShort, _bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(5))!.Value.Reason);
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(15)));
        Assert.Null(_bench.Places.WouldRefuse(Lane.Read, "asker", TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public async Task LessTimeThanWaitAndCallTake_IsAMatterOfLoad()
    {
        await _bench.LearnAsync(Usual);
        await _bench.FillAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.False(_bench.Enter(identity: $"{i}", tenant: $"{i}").IsCompleted);
        }

        Assert.Equal(RefusalReason.Overloaded, _bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(15))!.Value.Reason);
        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(_bench.Enter(identity: "late", tenant: "late", left: TimeSpan.FromMilliseconds(15))));
        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(60)));
    }

    [Fact]
    public async Task SlowSpell_IsForgotten()
    {
        await _bench.LearnAsync(TimeSpan.FromMilliseconds(50));
        Assert.NotNull(_bench.Places.WouldRefuse(Lane.Verify, "asker", Usual));

        _bench.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", Usual));
    }

    [Fact]
    public async Task WaiterWhoseTimeRanOut_IsNotServed_AndTheNextOneIs()
    {
        await _bench.LearnAsync(Usual);
        Place shared = await _bench.FillAsync();
        Task<Place> late = _bench.Enter(left: TimeSpan.FromMilliseconds(20));
        Task<Place> next = _bench.Enter(identity: "b");
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(12));

        shared.Dispose();

        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(late));
        using Place served = await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaiterWhoseTimeRanOut_IsToldSo_ThoughNoPlaceIsGivenBack()
    {
        await _bench.LearnAsync(Usual);
        await _bench.FillAsync();
        Task<Place> late = _bench.Enter(left: TimeSpan.FromMilliseconds(20));

        _bench.Clock.Advance(TimeSpan.FromMilliseconds(25));

        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(late).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(0, _bench.Places.Waiting);
    }

    [Fact]
    public async Task WaitForTheKeyService_SaysNothingOfHowLongCallsTake()
    {
        for (int i = 0; i < 100; i++)
        {
            using Place place = await _bench.Enter();
            TaskCompletionSource<int> answer = new();
            Task<int> cold = place.FarOutsideAsync(answer.Task, TestContext.Current.CancellationToken).AsTask();
            _bench.Clock.Advance(TimeSpan.FromSeconds(3));
            answer.SetResult(1);
            await cold;
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Null(_bench.Places.WouldRefuse(Lane.Verify, "asker", TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void Hint_IsBetweenATenthAndAWholeSecond_NeverTheSame_AndGrowsWithTheShareRefused()
    {
        TimeSpan[] few = Hints(admitted: 5000, refused: 500);
        TimeSpan[] many = Hints(admitted: 10, refused: 500);

        Assert.All(few.Concat(many), h => Assert.InRange(h.TotalMilliseconds, 100, 1000));
        Assert.True(few.Average(h => h.TotalMilliseconds) * 2 < many.Average(h => h.TotalMilliseconds));
        Assert.True(few.Distinct().Count() > 50);
    }

    private static TimeSpan[] Hints(int admitted, int refused)
    {
        using PlacesBench bench = new();
        Pressure pressure = new(bench.Clock, new Random(1));
        for (int i = 0; i < admitted; i++)
        {
            pressure.Admitted(bench.Clock.GetTimestamp());
        }

        return [.. Enumerable.Range(0, refused).Select(_ => pressure.Refused(bench.Clock.GetTimestamp()))];
    }
}
