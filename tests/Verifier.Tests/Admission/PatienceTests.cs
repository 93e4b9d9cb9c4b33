using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>How many may wait in each lane, and for how long: a revocation waits rather than be refused, a guest is told at once.</summary>
public sealed class PatienceTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    [Theory]
    [InlineData(Lane.Revocation, 2000)]
    [InlineData(Lane.Challenge, 40)]
    [InlineData(Lane.Verify, 40)]
    [InlineData(Lane.Read, 400)]
    [InlineData(Lane.Registration, 2000)]
    internal async Task LongestQueue_IsThatOfTheLane(Lane lane, int most)
    {
        using PlacesBench bench = new();
        await bench.FillAsync();

        for (int i = 0; i < most; i++)
        {
            Assert.False(bench.Enter(lane, $"{i}", $"{i}").IsFaulted, $"{i} of {most} wait, and the next one may not.");
        }

        Assert.Equal(most, bench.Places.WaitingIn(lane));
        Assert.Equal(RefusalReason.Overloaded, bench.Places.WouldRefuse(lane, "asker", null)!.Value.Reason);
        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(bench.Enter(lane, "late", "late")));
    }

    [Theory]
    [InlineData(Lane.Revocation, 5000)]
    [InlineData(Lane.Challenge, 100)]
    [InlineData(Lane.Verify, 100)]
    [InlineData(Lane.Read, 1000)]
    [InlineData(Lane.Registration, 5000)]
    internal async Task LongestWait_IsThatOfTheLane(Lane lane, int milliseconds)
    {
        using PlacesBench bench = new(), other = new();
        await OccupyAsync(bench, lane);
        await OccupyAsync(other, lane);
        Task<Place> call = bench.Enter(lane, "late", "late");
        TimeSpan waited = TimeSpan.Zero;

        // It waits as long as one more waits here than there, where everything else happens as it does here.
        while (bench.Places.WaitingIn(lane) > other.Places.WaitingIn(lane))
        {
            Assert.True(other.Places.WaitingIn(lane) > 0, "All others were served before it was refused.");
            bench.Clock.Advance(Look);
            other.Clock.Advance(Look);
            waited += Look;
        }

        // A look at the very end finds it there still, and the next one does not.
        Assert.Equal(milliseconds + Look.TotalMilliseconds, waited.TotalMilliseconds);
        Assert.Equal(RefusalReason.Overloaded, await PlacesBench.RefusedAsync(call).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    /// <summary>Calls of the lane that were begun, and go on before any new one; each holds its place until it is taken from it.</summary>
    private static async Task OccupyAsync(PlacesBench bench, Lane lane)
    {
        List<(Place Place, long At)> begun = [];
        for (int i = 0; i < 150; i++)
        {
            Place place = await bench.Enter(lane, "begun");
            begun.Add((place, bench.Places.Suspend(place)));
        }

        await bench.FillAsync();
        foreach ((Place place, long at) in begun)
        {
            _ = bench.Places.ResumeAsync(place, at, isFar: false, TestContext.Current.CancellationToken).AsTask();
        }
    }
}
