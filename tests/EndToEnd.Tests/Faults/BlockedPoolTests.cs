using System.Diagnostics;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>
/// F39: every thread of an instance's pool is blocked for seconds, several times over. What had been decided just before may leave late, since the
/// bytes of an answer need threads, too; what is asked after a revocation is not accepted, and the instance serves again by itself.
/// </summary>
public sealed class BlockedPoolTests : IAsyncLifetime
{
    private const int Blocked = 50;
    private const int Asking = 6;
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(3);

    private readonly FaultBench _bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task F39_PoolBlocked_AcceptsNobodyWhoAsksAfterTheRevocation_AndServesAgain()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        string when = Path.Combine(_bench.Folder, "when");
        Surroundings blockable = new()
        {
            Environment = new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(BlockedPoolTests).Assembly.Location, [StartupHook.File] = when },
        };
        ServiceProcess blocked = await _bench.StartAsync(blockable, OnRedis.Settings(redis));
        ServiceProcess other = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(redis));
        await FaultBench.RegisterAsync(other, 0, 1);
        await FaultBench.AcceptsAsync(blocked, 0);
        Poller[] pollers = [.. Enumerable.Range(0, Asking).Select(_ => new Poller(blocked, FaultBench.Question(1), TimeSpan.Zero))];
        while (pollers.Any(p => p.Accepted < 10))
        {
            await Task.Delay(20, Ct);
        }

        await File.WriteAllTextAsync(when + ".new", $"{Blocked} {(int)Block.TotalMilliseconds}", Ct);
        File.Move(when + ".new", when);
        await SilentAsync(blocked);
        await FaultBench.RevokeAsync(other, 1);
        long acknowledged = Stopwatch.GetTimestamp();

        // The other one serves as ever while nothing moves here.
        await FaultBench.AcceptsAsync(other, 0);
        Stopwatch watch = Stopwatch.StartNew();
        while (pollers.Any(p => p.Rejected == 0))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(3), "It does not serve again.");
            await Task.Delay(20, Ct);
        }

        foreach (Poller poller in pollers)
        {
            await poller.DisposeAsync();
            Assert.True(poller.AskedForAccept < acknowledged, "What was asked after the revocation was accepted.");
        }

        await FaultBench.AcceptsAsync(blocked, 0);
    }

    /// <summary>Until a question has no answer for a second: then the fault is there.</summary>
    private static async Task SilentAsync(ServiceProcess service)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromMinutes(1))
        {
            try
            {
                VerifyResponse answer = await service.Verifier.VerifyAsync(FaultBench.Question(0), deadline: DateTime.UtcNow.AddSeconds(1), cancellationToken: Ct);
                Assert.Equal(Outcome.Accepted, answer.Verdict.Outcome);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
            {
                return;
            }
            catch (RpcException e) when (Patience.IsOfAStall(e))
            {
                // It was held up, and got a thread just before the second was over.
            }
        }

        Assert.Fail("The pool was not blocked.");
    }
}
