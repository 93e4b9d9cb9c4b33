using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class ArrivalScheduleTests
{
    [Fact]
    public void FixedTimes_DoNotDrift()
    {
        ArrivalSchedule schedule = ArrivalSchedule.Fixed(3);

        TimeSpan[] times = [.. Enumerable.Range(0, 3001).Select(_ => schedule.Next())];

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1000)), (times[0], times[3], times[3000]));
    }

    [Fact]
    public void PoissonTimes_HaveTheRate_AndTheSpreadOfIndependentCalls()
    {
        const int count = 100_000;
        ArrivalSchedule schedule = ArrivalSchedule.Poisson(500, seed: 3);
        double[] times = [.. Enumerable.Range(0, count).Select(_ => schedule.Next().TotalSeconds)];
        double[] gaps = [.. times.Zip(times.Skip(1), (a, b) => b - a)];

        double mean = gaps.Average();
        double deviation = Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean)));

        Assert.All(gaps, g => Assert.True(g >= 0));
        Assert.InRange(mean * 500, 0.98, 1.02);
        Assert.InRange(deviation / mean, 0.97, 1.03);
    }

    [Fact]
    public void Seed_TellsTheTimes()
    {
        TimeSpan[] Times(int seed)
        {
            ArrivalSchedule schedule = ArrivalSchedule.Poisson(100, seed);
            return [.. Enumerable.Range(0, 50).Select(_ => schedule.Next())];
        }

        Assert.Equal(Times(1), Times(1));
        Assert.NotEqual(Times(1), Times(2));
    }
}
