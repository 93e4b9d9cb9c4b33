using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit.Redis;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>
/// F15, F17: the append-only file of Redis is cut or damaged, or Redis is emptied, under a service that goes on. Redis may refuse to start, the
/// service may refuse to serve; a revoked guest is never accepted.
/// </summary>
public sealed class DamagedFileTests : IAsyncLifetime
{
    private const int Guests = 6;

    private FaultBench _bench = null!;
    private RedisServer _redis = null!;
    private ServiceProcess _service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => Directory.GetFiles(Path.Combine(_redis.DataDirectory, "appendonlydir"), "*.incr.aof").Single();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        _bench = new();

        // Redis's own default: it takes a file without its end, and the service must see to it.
        _redis = await RedisServer.StartAsync(new() { AofLoadTruncated = "yes" });
        _service = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(_redis));
        await FaultBench.RegisterAsync(_service, [.. Enumerable.Range(0, Guests)]);
        await FaultBench.RevokeAsync(_service, [.. Enumerable.Range(0, Guests).Where(IsRevoked)]);
        await FaultBench.AcceptsAsync(_service, 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(700)]
    [InlineData(4096)]
    public async Task F15_TailOfTheFileCut_IsSeenByTheService_UntilAnOperatorStartsItAnew(int cut)
    {
        byte[] whole = await WholeAsync();
        Assert.True(await StartsWithAsync(whole[..^cut]), "Redis reads a file without its end.");
        Assert.Equal(StatusCode.FailedPrecondition, await SettledAsync(tries: 1000));
        await NoRevokedGuestAsync();
        Assert.True(await StartsWithAsync(whole));
        await RestartAsync();
        await FaultBench.AcceptsAsync(_service, 1);
    }

    [Fact]
    public async Task F15_FlippedBitsInTheFile_NeverMakeARevokedGuestAcceptable()
    {
        int trials = int.Parse(Environment.GetEnvironmentVariable("VERIFIER_FLIPS") ?? "8", CultureInfo.InvariantCulture), refused = 0, noticed = 0;
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] whole = await WholeAsync();
        for (int trial = 0; trial < trials; trial++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            if (!await StartsWithAsync(damaged))
            {
                refused++;
                Assert.Equal(StatusCode.Unavailable, await FaultBench.RefusalAsync(_service, 1));
            }
            else if (await NoRevokedGuestAsync())
            {
                // It remembers what it saw; the next trial is to be one of its own.
                noticed++;
                Assert.True(await StartsWithAsync(whole));
                await RestartAsync();
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{trials} flips, {refused} refused by Redis itself, {noticed} by the service");
        Assert.True(await StartsWithAsync(whole));
        await RestartAsync();
        await FaultBench.AcceptsAsync(_service, 1);
    }

    [Fact]
    public async Task F17_EmptiedUnderLoad_IsAcceptedFromNoMore()
    {
        await using Poller poller = new(_service, FaultBench.Question(1));
        while (poller.Accepted < 20)
        {
            await Task.Delay(20, Ct);
        }

        await _redis.CommandAsync("FLUSHALL");
        long noticed = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Assert.Equal(StatusCode.FailedPrecondition, await SettledAsync(tries: 1000));
        int failed = poller.Failed;
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        while (poller.Failed < failed + 20)
        {
            await Task.Delay(20, Ct);
        }

        // By when it was asked: an answer may reach this process late.
        Assert.True(poller.AskedForAccept < noticed, "A question of a second later was accepted.");
    }

    private static bool IsRevoked(int number) => number % 2 == 0;

    private async Task<byte[]> WholeAsync()
    {
        await _redis.KillAsync();
        return await System.IO.File.ReadAllBytesAsync(File, Ct);
    }

    private async Task<bool> StartsWithAsync(byte[] content)
    {
        await _redis.KillAsync();
        await System.IO.File.WriteAllBytesAsync(File, content, Ct);
        try
        {
            await _redis.StartAgainAsync();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The answer after Redis has come back: a status that is no passing one, or OK.</summary>
    private async Task<StatusCode> SettledAsync(int tries = 200)
    {
        for (int tried = 0; tried < tries; tried++)
        {
            try
            {
                await FaultBench.VerifyAsync(_service, FaultBench.Question(1));
                return StatusCode.OK;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable)
            {
                await Task.Delay(50, Ct);
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }

        return StatusCode.Unavailable;
    }

    private async Task RestartAsync()
    {
        await _service.DisposeAsync();
        _service = await _bench.StartAsync(Surroundings.Usual, OnRedis.Settings(_redis));
    }

    /// <summary>True when the service refuses to serve.</summary>
    private async Task<bool> NoRevokedGuestAsync()
    {
        StatusCode settled = await SettledAsync();
        foreach (int number in Enumerable.Range(0, Guests).Where(IsRevoked))
        {
            try
            {
                AttestationVerdict verdict = await FaultBench.VerifyAsync(_service, FaultBench.Question(number));
                Assert.NotEqual(Outcome.Accepted, verdict.Outcome);
            }
            catch (RpcException e)
            {
                Assert.Contains(e.StatusCode, new[] { StatusCode.Unavailable, StatusCode.FailedPrecondition });
                settled = e.StatusCode;
            }
        }

        return settled != StatusCode.OK;
    }
}
