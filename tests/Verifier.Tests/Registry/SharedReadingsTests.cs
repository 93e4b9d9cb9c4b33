using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Documents;

namespace Verifier.Tests.Registry;

/// <summary>Which calls one reading serves, and how long a change is kept from being acknowledged for it.</summary>
public class SharedReadingsTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(5), Tick = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly Moments _moments;
    private readonly SharedReadings<string, int> _readings;
    private Func<Task<int>> _load;
    private int _begun;

    public SharedReadingsTests()
    {
        _moments = new Moments(Age, _clock);
        _load = () => Task.FromResult(_begun);
        _readings = new(_ =>
        {
            _begun++;
            return _load();
        }, _moments);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_ServesCallsThatBeganLessThanItsAgeAfterIt()
    {
        Assert.Equal(1, await ReadAsync(_moments.Now()));
        _clock.Advance(Age - Tick);
        Assert.Equal(1, await ReadAsync(_moments.Now()));

        _clock.Advance(Tick);

        Assert.Equal(2, await ReadAsync(_moments.Now()));
    }

    [Fact]
    public async Task Reading_ServesCallsThatBeganBeforeIt_HoweverLongAgo()
    {
        Moment call = _moments.Now();
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await ReadAsync(_moments.Now()));
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await ReadAsync(call));
    }

    [Fact]
    public async Task CallThatAsksAnew_IsNotServedByWhatHasBegun()
    {
        Assert.Equal(1, await ReadAsync(_moments.Now()));

        Assert.Equal(2, await ReadAsync(_moments.Anew()));
        Assert.Equal(2, await ReadAsync(_moments.Now()));
        Moment anew = _moments.Anew();
        Assert.Equal(3, await ReadAsync(_moments.Anew()));
        Assert.Equal(3, await ReadAsync(anew));
    }

    [Fact]
    public async Task WithoutAnAge_OnlyCallsThatBeganBeforeAreServed()
    {
        Moments none = new(TimeSpan.Zero, _clock);
        SharedReadings<string, int> readings = new(_ => Task.FromResult(++_begun), none);
        Moment early = none.Now();

        Assert.Equal(1, await readings.ReadAsync("thing", none.Now(), Ct));
        Assert.Equal(1, await readings.ReadAsync("thing", early, Ct));
        Assert.Equal(2, await readings.ReadAsync("thing", none.Now(), Ct));
    }

    // The heart of it: a change that was acknowledged is known to every call that begins afterwards, on every instance, whenever either began to read.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4.9)]
    public async Task T72_ChangeThatWasAcknowledged_IsKnownToEveryCallThatComesAfterwards(double before)
    {
        int stored = 1;
        _load = () => Task.FromResult(stored);
        Assert.Equal(1, await ReadAsync(_moments.Now()));
        _clock.Advance(TimeSpan.FromMilliseconds(before));

        // The change, made by whichever instance, right behind the reading of this one; and other readings that it could have begun meanwhile.
        stored = 2;
        Task acknowledged = _moments.OutliveReadingsAsync();
        int calls = 0;
        while (!acknowledged.IsCompleted)
        {
            Assert.True(calls++ < 1000);
            await ReadAsync(_moments.Now());
            _clock.Advance(TimeSpan.FromMilliseconds(0.1));
            await Task.Yield();
        }

        Assert.Equal(2, await ReadAsync(_moments.Now()));
    }

    [Fact]
    public async Task T72_Acknowledgement_WaitsTwiceAsLongAsReadingsServe()
    {
        Task acknowledged = _moments.OutliveReadingsAsync();
        _clock.Advance(2 * Age);
        await Task.Delay(20, Ct);
        Assert.False(acknowledged.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await acknowledged.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.True(new Moments(TimeSpan.Zero, _clock).OutliveReadingsAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task T72_TimerThatIsEarly_DoesNotAcknowledgeEarly()
    {
        Moments moments = new(Age, new EarlyTimers(_clock));
        Task acknowledged = moments.OutliveReadingsAsync();
        for (int i = 0; i < 3; i++)
        {
            await Task.Delay(20, Ct);
            Assert.False(acknowledged.IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        _clock.Advance(2 * Age);

        await acknowledged.WaitAsync(TimeSpan.FromSeconds(30), Ct);
    }

    [Fact]
    public async Task F01_HangingReading_HoldsNobodyUpWhoComesLater()
    {
        TaskCompletionSource<int> never = new();
        _load = () => never.Task;
        Task<int> hanging = ReadAsync(_moments.Now());
        _load = () => Task.FromResult(7);
        Task<int> with = ReadAsync(_moments.Now());

        _clock.Advance(Age);

        Assert.Equal(7, await ReadAsync(_moments.Now()));
        Assert.False(hanging.IsCompleted || with.IsCompleted);
        never.SetResult(1);
        Assert.Equal(1, await with);
    }

    [Fact]
    public async Task Fault_IsToldToWhoeverWaits_AndTheNextCallReadsAnew()
    {
        _load = () => Task.FromException<int>(new IOException("away"));
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(_moments.Now()));
        _load = () => throw new IOException("away");
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(_moments.Now()));

        _load = () => Task.FromResult(3);

        Assert.Equal(3, await ReadAsync(_moments.Now()));
    }

    [Fact]
    public async Task EachThing_HasReadingsOfItsOwn()
    {
        Moment call = _moments.Now();
        Assert.Equal((1, 2, 1), (await ReadAsync(call), await _readings.ReadAsync("another", call, Ct), await ReadAsync(call)));
    }

    [Fact]
    public async Task Caller_LeavesWithoutEndingTheReading_AndIsNotToldWhatIsAtHand()
    {
        TaskCompletionSource<int> gate = new();
        _load = () => gate.Task;
        using CancellationTokenSource leaving = new();
        Task<int> left = _readings.ReadAsync("thing", _moments.Now(), leaving.Token), stays = ReadAsync(_moments.Now());

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult(1);
        Assert.Equal(1, await stays);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _readings.ReadAsync("thing", _moments.Now(), leaving.Token));
    }

    [Fact]
    public async Task ThingsThatAreNamed_AreKeptInABoundedNumber()
    {
        for (int i = 0; i < 5000; i++)
        {
            await _readings.ReadAsync($"thing {i}", _moments.Now(), Ct);
            Assert.InRange(_readings.Kept, 1, 1000);
        }
    }

    private Task<int> ReadAsync(Moment call) => _readings.ReadAsync("thing", call, Ct);

    /// <summary>A clock whose timers fire at once, whatever they are set to, and whose time goes on as another's.</summary>
    private sealed class EarlyTimers(TimeProvider clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
