using System.Diagnostics;
using System.Globalization;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Documents;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>F03: Redis is away for long while relying parties go on asking. <c>VERIFIER_OUTAGE_SECONDS</c> says how long: 5, or an hour by hand.</summary>
public sealed class LongOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("VERIFIER_OUTAGE_SECONDS") ?? "5", CultureInfo.InvariantCulture));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F03_RedisAwayForLong_QueuesNothing_AndServesAgain()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using FaultBench bench = new();

        // The youngest generation is as large as the caches of a processor, which on some have more than the memory that is allowed for below.
        Surroundings measurable = new() { Environment = new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "0x400000" } };
        ServiceProcess service = await bench.StartAsync(measurable, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(service, 0);
        await using Poller poller = new(service, FaultBench.Question(0));
        while (poller.Accepted < 200)
        {
            await Task.Delay(20, Ct);
        }

        await redis.KillAsync();
        long gone = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        long before = Resident(service);
        await Task.Delay(Outage, Ct);

        // What was read just before serves calls for as long.
        Assert.True(Stopwatch.GetElapsedTime(gone, poller.AskedForAccept) < Moments.LongestAge, "A question was accepted that was asked when Redis was gone.");
        Assert.InRange(Resident(service) - before, long.MinValue, 50L << 20);
        await redis.StartAgainAsync();
        await FaultBench.AcceptsAsync(service, 0);
        Assert.Equal(0, poller.Rejected);
    }

    private static long Resident(ServiceProcess service)
    {
        string line = File.ReadLines($"/proc/{service.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
