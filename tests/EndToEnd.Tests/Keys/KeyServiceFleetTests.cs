using System.Diagnostics;
using System.Globalization;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Kds;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Keys;

/// <summary>How a fleet asks AMD's key service: as one, in turns, and without ever taking another's word for what verifies.</summary>
public sealed class KeyServiceFleetTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task F46_AThousandColdCallsForOneChip_AskOnce()
    {
        // All at once from one address. The queue holds them on a machine with time for it; whom it does not hold comes again.
        await using KeyServiceFleet fleet = await KeyServiceFleet.StartAsync("--Kds:Spacing=00:00:10", "--Admission:QueueTime=00:00:01");
        Scenario guest = fleet.Guest("a thousand calls");
        VerifyRequest request = Requests.Verify(guest);

        AttestationVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Patience.ThroughCrowdsAsync(() => fleet.Instances[i % 3].VerifyAsync(request))));

        Assert.All(verdicts, v => Assert.Equal(Outcome.Accepted, v.Outcome));
        Assert.Equal(1, fleet.RequestsOf(guest));

        // Leaf, chain and list, each once for all three.
        Assert.Equal(3, fleet.Kds.TotalRequests);
    }

    [Fact]
    public async Task F25_NoSuchChip_IsAskedOnceByAllAndNeverAccepted()
    {
        await using KeyServiceFleet fleet = await KeyServiceFleet.StartAsync();
        SimulatedKey unknown = VirtualAmd.Milan.Vcek(SimulatedChip.Named(VirtualAmd.Milan.Product, "nobody's"));
        VerifyRequest request = Requests.Verify(Scenario.Vcek() with { Leaf = unknown, Report = ReportBuilder.For(unknown) });

        AttestationVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Patience.ThroughCrowdsAsync(() => fleet.Instances[i % 3].VerifyAsync(request))));

        Assert.All(verdicts, v =>
        {
            Assert.Equal(Outcome.Rejected, v.Outcome);
            Assert.Contains(v.Checks, c => c.Status == Check.Types.Status.Failed && c.ToString().Contains("KDS_NO_SUCH_CERTIFICATE", StringComparison.Ordinal));
        });
        Assert.Equal(1, fleet.Kds.RequestsOf(KdsPublishing.VcekPath(unknown.Chip, unknown.Tcb)));
    }

    [Fact]
    public async Task F24_PauseThatOneInstanceWasTold_HoldsForAll()
    {
        await using KeyServiceFleet fleet = await KeyServiceFleet.StartAsync();
        Scenario[] guests = [.. Enumerable.Range(0, 3).Select(i => fleet.Guest($"paused {i}"))];
        fleet.Kds.Misbehave(KdsBehaviours.Throttled("30"), "?blSPL");
        Assert.Equal("KDS_THROTTLED", await ReasonAsync(fleet.Instances[0], guests[0]));
        fleet.Kds.Behave();

        Assert.Equal("KDS_THROTTLED", await ReasonAsync(fleet.Instances[1], guests[1]));
        Assert.Equal("KDS_THROTTLED", await ReasonAsync(fleet.Instances[2], guests[2]));

        Assert.Equal(1, guests.Sum(fleet.RequestsOf));
    }

    [Fact]
    public async Task HolderThatDies_IsNotWaitedForLongerThanItsLease()
    {
        await using KeyServiceFleet fleet = await KeyServiceFleet.StartAsync();
        Scenario guest = fleet.Guest("left by a dead holder");
        await fleet.Instances[1].VerifyAsync(Requests.Verify(fleet.Guest("warms the chain")));
        TaskCompletionSource never = new();
        fleet.Kds.Misbehave(KdsBehaviours.After(never.Task), "?blSPL");
        VerifyRequest request = Requests.Verify(guest);
        Task<AttestationVerdict> left = fleet.Instances[0].VerifyAsync(request);
        Stopwatch watch = Stopwatch.StartNew();
        while (fleet.RequestsOf(guest) == 0 && watch.Elapsed < Long)
        {
            await Task.Delay(20, Ct);
        }

        // What remains of an instance that was killed: its lease, and nobody who renews or ends it.
        await fleet.Instances[0].KillAsync();
        fleet.Kds.Behave();
        AttestationVerdict verdict = await fleet.Instances[1].VerifyAsync(request);

        Assert.Equal(Outcome.Accepted, verdict.Outcome);
        Assert.Equal(2, fleet.RequestsOf(guest));
        await Assert.ThrowsAnyAsync<Exception>(() => left);
    }

    [Fact]
    public async Task F46_ManyChipsUnderThrottling_AreAllServedAtTheAllowedRate_AndWarmCallsGoOn()
    {
        // tests/kds-trial.sh asks for ten thousand.
        int chips = int.Parse(Environment.GetEnvironmentVariable("VERIFIER_KDS_CHIPS") ?? "60", CultureInfo.InvariantCulture);
        TimeSpan spacing = TimeSpan.FromMilliseconds(10);
        await using KeyServiceFleet fleet = await KeyServiceFleet.StartAsync(
            "--Kds:Spacing=00:00:00.010", "--Kds:MaxPendingChips=1000", "--Kds:MaxPendingChipsPerTenant=1000", "--Kds:MaxPendingChipsPerCaller=1000", "--Kds:MemoryEntries=100000");
        Scenario warm = fleet.Guest("warm");
        VerifyRequest warmRequest = Requests.Verify(warm);
        await Task.WhenAll(fleet.Instances.Select(i => i.VerifyAsync(warmRequest)));
        VerifyRequest[] requests = new VerifyRequest[chips];
        Parallel.For(0, chips, i => requests[i] = Requests.Verify(fleet.Guest($"chip {i}")));
        double[] calm = await WarmAsync(fleet, warmRequest, () => false, 300);

        int seen = 0;
        fleet.Kds.Misbehave((context, genuine) => Interlocked.Increment(ref seen) % 10 == 0 ? KdsBehaviours.Genuine(context, genuine) : KdsBehaviours.Throttled()(context, genuine), "?blSPL");
        fleet.Kds.ResetCounts();
        Stopwatch watch = Stopwatch.StartNew();
        Task all = Parallel.ForAsync(0, chips, new ParallelOptions { MaxDegreeOfParallelism = 600, CancellationToken = Ct }, async (i, end) =>
            await KeyServiceFleet.JudgedAsync(fleet.Instances[i % 3], requests[i], Long, end));
        double[] meanwhile = await WarmAsync(fleet, warmRequest, () => !all.IsCompleted, 100);
        await all;
        TimeSpan took = watch.Elapsed;

        int asked = fleet.Kds.TotalRequests;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{chips} chips served in {took.TotalSeconds:F1} s by {asked} requests, {asked / took.TotalSeconds:F1} a second; warm p50 {P(calm, 0.5):F2} then {P(meanwhile, 0.5):F2} ms, p99 {P(calm, 0.99):F2} then {P(meanwhile, 0.99):F2} ms of {meanwhile.Length}"));

        // Never faster than is allowed, over all three, but for the first request and what chains and lists took.
        Assert.InRange(asked, chips, (took / spacing) + 10);
        Assert.True(asked >= chips * 9);
    }

    // Times of warm calls in milliseconds, at a rate that leaves the machine idle.
    private static async Task<double[]> WarmAsync(KeyServiceFleet fleet, VerifyRequest request, Func<bool> goesOn, int least)
    {
        List<double> times = [];
        while (goesOn() || times.Count < least)
        {
            // On a busy machine Redis may be late; a call that is told so comes again, and its time counts from the first try.
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(Outcome.Accepted, (await Patience.EventuallyAsync(() => fleet.Instances[times.Count % 3].VerifyAsync(request))).Outcome);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(15, Ct);
        }

        times.Sort();
        return [.. times];
    }

    private static double P(double[] sorted, double part) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];

    private static async Task<string> ReasonAsync(RunningService instance, Scenario guest)
    {
        Grpc.Core.RpcException e = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => Patience.ThroughStallsAsync(() => instance.Verifier.VerifyAsync(
            Requests.Verify(guest), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20), cancellationToken: Ct).ResponseAsync));
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, e.StatusCode);
        Google.Rpc.Status status = Grpc.Core.RpcExceptionExtensions.GetRpcStatus(e)!;
        Assert.NotNull(status.GetDetail<Google.Rpc.RetryInfo>());
        return status.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
    }
}
