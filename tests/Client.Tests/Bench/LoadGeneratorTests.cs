using System.Collections.Concurrent;
using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class LoadGeneratorTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // All calls that are due while the service stands still for 300 ms are answered when it goes on: each is late by what was left of that.
    [Fact]
    public async Task OpenLoop_CountsWhatCallersWaitedFor_WhileTheServiceStoodStill()
    {
        PhaseRecord record = await Generator().OpenAsync(ArrivalSchedule.Fixed(200), Second, 1000, TestContext.Current.CancellationToken);

        Assert.Equal(200, record.Calls);
        Assert.InRange(record.Admitted.Max.TotalMilliseconds, 295, 5000);
        Assert.InRange(record.Admitted.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), 30, 200);
        Assert.InRange(record.Admitted.Percentile(0.9).TotalMilliseconds, 150, 5000);
    }

    // The same where no more than one call may be open: calls are then sent late, and that counts as well.
    [Fact]
    public async Task OpenLoop_CountsWhatCallsWaitedForBeforeTheyWereSent()
    {
        PhaseRecord record = await Generator().OpenAsync(ArrivalSchedule.Fixed(200), Second, 1, TestContext.Current.CancellationToken);

        Assert.Equal((200, 200), (record.Calls, record.SentLate.Count));
        Assert.InRange(record.SentLate.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), 30, 200);
        Assert.InRange(record.Admitted.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), 30, 200);
    }

    // What an open loop is for: a single caller meets the same stall once.
    [Fact]
    public async Task ClosedLoop_SeesTheStallOnce()
    {
        // A machine that itself stands still leaves the caller no time; it does not do so each time.
        PhaseRecord record = await AgainAsync(() => Generator().ClosedAsync(1, Second, TestContext.Current.CancellationToken), r => r.Calls > 100);

        Assert.InRange(record.Admitted.Max.TotalMilliseconds, 295, 5000);
        Assert.True(record.Admitted.Between(TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(1)) < record.Calls / 10);
    }

    [Fact]
    public async Task ClosedLoop_HasAsManyCallsOpen_AsItHasCallers()
    {
        int open = 0;
        ConcurrentBag<int> seen = [];
        LoadGenerator generator = new(TimeProvider.System, async (_, cancellation) =>
        {
            seen.Add(Interlocked.Increment(ref open));
            await Task.Delay(5, cancellation);
            Interlocked.Decrement(ref open);
            return CallResult.Accepted;
        });

        PhaseRecord record = await AgainAsync(() => generator.ClosedAsync(7, TimeSpan.FromMilliseconds(400), TestContext.Current.CancellationToken), _ => seen.Contains(7));

        Assert.Equal(7, seen.Max());
        Assert.InRange(record.Calls, 7, 7 * 80);
        Assert.Equal(record.Calls, record.Of(CallOutcome.Accepted));
    }

    [Fact]
    public async Task Goodput_LeavesOut_WhatWasAnsweredAfterTheLoad()
    {
        int made = 0;
        LoadGenerator generator = new(TimeProvider.System, async (_, cancellation) =>
        {
            await Task.Delay(Interlocked.Increment(ref made) == 1 ? 0 : 1500, cancellation);
            return CallResult.Accepted;
        });

        PhaseRecord record = await AgainAsync(
            () =>
            {
                made = 0;
                return generator.OpenAsync(ArrivalSchedule.Fixed(10), Second, 100, TestContext.Current.CancellationToken);
            },
            r => r.Goodput > 0);

        Assert.Equal((10, 1.0), (record.Calls, record.Goodput));
    }

    [Fact]
    public async Task Interruption_EndsTheLoop()
    {
        using CancellationTokenSource interrupted = new(TimeSpan.FromMilliseconds(100));
        LoadGenerator generator = new(TimeProvider.System, async (_, cancellation) =>
        {
            await Task.Delay(1, cancellation);
            return CallResult.Accepted;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.OpenAsync(ArrivalSchedule.Fixed(100), TimeSpan.FromHours(1), 10, interrupted.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.ClosedAsync(2, TimeSpan.FromHours(1), interrupted.Token));
    }

    private static async Task<PhaseRecord> AgainAsync(Func<Task<PhaseRecord>> load, Func<PhaseRecord, bool> hadTime)
    {
        PhaseRecord record = await load();
        for (int tried = 1; tried < 5 && !hadTime(record); tried++)
        {
            record = await load();
        }

        return record;
    }

    // Answers at once, but for the 300 ms after its fiftieth call.
    private static LoadGenerator Generator()
    {
        TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new(TimeProvider.System, async (n, cancellation) =>
        {
            if (n == 50)
            {
                await Task.Delay(Stall, cancellation);
                stalled.SetResult();
            }
            else if (n > 50)
            {
                await stalled.Task;
            }

            return CallResult.Accepted;
        });
    }
}
