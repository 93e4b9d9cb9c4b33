using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Net;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>
/// T72, F05, F09, F12, F34: three instances on a Redis with two replicas and three sentinels. In each trial a guest that all accept is revoked while
/// something fails; nobody accepts it later than 2.0 seconds after the revocation was acknowledged, by the monotonic clock of who asks.
/// <c>VERIFIER_FAULT_TRIALS</c> says how many of both kinds together, <c>VERIFIER_FAULT_MINUTES</c> for how long, <c>VERIFIER_FAULT_SEED</c> which, and
/// <c>VERIFIER_FAULT_KINDS</c> of which faults alone, <c>VERIFIER_FAULT_BUSY</c> how many more ask an instance before it is stopped; tests/Faults/soak.sh sets them. That late accepts would be seen is shown by tests/Faults/control.sh.
/// </summary>
[Collection(RunsAlone.Collection)]
public sealed class RevocationTrials(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2.6);
    private static readonly Scenario Guest = Scenario.Vcek();

    // So many more ask an instance that is to be stopped, without a pause, so that it is stopped in the middle of decisions, and now and then of an
    // answer that is on its way out: that one leaves when the instance goes on, and nothing but the caller can know it for late, as Verifier.Sdk does. Here
    // whatever comes counts, so that all that the service does itself is seen.
    private static readonly int Busy = Number("VERIFIER_FAULT_BUSY", 0);

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-faults-").FullName;
    private readonly List<ServiceProcess> _services = [];
    private readonly List<FaultyProxy> _ways = [];
    private RedisFleet _fleet = null!;
    private int _primary;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (FaultyProxy way in _ways)
        {
            await way.DisposeAsync();
        }

        if (_fleet is not null)
        {
            await _fleet.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>As many replicas as there are must have each change: what is revoked while one is away is acknowledged when it is back.</summary>
    [Fact]
    public Task T72_RevokedGuest_IsAcceptedNowhereTwoSecondsAfterTheAcknowledgement_WhateverFails() =>
        TrialsAsync(null, 4, "partition", "hang", "pause", "failover");

    /// <summary>One replica is enough: the revocation is acknowledged by the new primary while the fault lasts, and the fault lasts longer than the bound.</summary>
    [Fact]
    public Task T72_RevokedGuest_IsAcceptedNowhereTwoSecondsAfterTheAcknowledgement_WhileItStillFails() =>
        TrialsAsync(1, 2, "split-promotion", "partition", "promotion", "split", "hang", "failover");

    private async Task StartAsync(int? replicas)
    {
        _fleet = await RedisFleet.StartAsync(2);

        // The first instance reaches the sentinels by ways of its own, so that it alone can be cut off from them.
        _ways.AddRange(_fleet.Sentinels.Select(s => new FaultyProxy(s.Port)));
        string roots = Path.Combine(_folder, "roots.pem");
        await File.WriteAllTextAsync(roots, Pem.Certificates([Guest.Amd.Ark.Certificate]), Ct);
        for (int i = 0; i < 3; i++)
        {
            string[] sentinels = [.. i == 0 ? _ways.Select(w => w.Endpoint) : _fleet.Sentinels.Select(s => s.Endpoint)];
            string[] demanded = replicas is { } n ? [$"--Store:Redis:Replicas={n}"] : [];
            _services.Add(await ServiceProcess.StartAsync(Path.Combine(_folder, $"{i}"), [.. sentinels.Index().Select(s => $"--Store:Redis:Endpoints:{s.Index}={s.Item}"), .. Settings(roots), .. demanded]));
        }
    }

    private async Task TrialsAsync(int? replicas, int usual, params string[] faults)
    {
        if (Environment.GetEnvironmentVariable("VERIFIER_FAULT_KINDS") is { } kinds)
        {
            faults = [.. faults.Intersect(kinds.Split(','))];
            Assert.SkipWhen(faults.Length == 0, $"None of the faults {kinds} is tried here.");
        }

        await StartAsync(replicas);
        int seed = Number("VERIFIER_FAULT_SEED", 20261126), trials = Number("VERIFIER_FAULT_TRIALS", 2 * usual) / 2;
        TimeSpan limit = TimeSpan.FromMinutes(Number("VERIFIER_FAULT_MINUTES", 60)) / 2;
        Tell($"seed {seed}, {trials} trials, at most {limit.TotalMinutes} minutes, replicas {(replicas is { } n ? $"{n}" : "all")}");
        Random random = new(seed);
        Stopwatch watch = Stopwatch.StartNew();
        List<(string Fault, double Late)> results = [];
        for (int trial = 0; trial < trials && watch.Elapsed < limit; trial++)
        {
            string fault = faults[trial % faults.Length];
            results.Add((fault, await TrialAsync(trial, fault, replicas is not null, random)));
        }

        foreach (IGrouping<string, (string Fault, double Late)> kind in results.GroupBy(r => r.Fault))
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"{kind.Key}: {kind.Count()} trials, last accept at most {kind.Max(r => r.Late):f3} s after the acknowledgement"));
        }

        Assert.NotEmpty(results);
        Assert.DoesNotContain(results, r => r.Late > Bound.TotalSeconds);
    }

    private static int Number(string name, int otherwise) =>
        int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}", CultureInfo.InvariantCulture);

    private void Tell(string what)
    {
        output.WriteLine(what);
        if (Environment.GetEnvironmentVariable("VERIFIER_FAULT_LOG") is { } file)
        {
            File.AppendAllText(file, what + "\n");
        }
    }

    /// <summary>Gives how long after the acknowledgement the last accept came, in seconds; negative when it came before.</summary>
    private async Task<double> TrialAsync(int trial, string fault, bool isHeld, Random random)
    {
        Scenario guest = Guest.WithReport(r => r with { Measurement = [.. r.Measurement[..45], (byte)0xF0, (byte)(trial >> 8), (byte)trial] });
        CreateReferenceValueRequest register = Requests.Create($"guest-{trial}", guest.Report.Measurement);
        register.RequestId = Guid.NewGuid().ToString();
        await RepeatAsync(() => _services[1].Registry.CreateReferenceValueAsync(register, ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(5)).ResponseAsync);
        VerifyRequest question = Requests.Verify(guest, guest.Certificates);
        List<Poller> pollers = [.. _services.Select(s => new Poller(s, question))];
        pollers.AddRange(Enumerable.Range(0, fault == "pause" ? Busy : 0).Select(i => new Poller(_services[2], Busily(question, i), TimeSpan.Zero)));
        await UntilAsync(() => pollers.All(p => p.Accepted > 3), "all accept");

        int before = random.Next(0, 600), held = random.Next(1000, 3000);
        TaskCompletionSource watched = new();
        Task failing = FailAsync(fault, held, isHeld ? watched.Task : null);
        await Task.Delay(before, Ct);
        RevokeReferenceValueRequest revoke = new() { Name = Requests.Name($"guest-{trial}"), Reason = "trial", RequestId = Guid.NewGuid().ToString() };
        await RepeatAsync(() => _services[1].Registry.RevokeReferenceValueAsync(revoke, ServiceProcess.Credentials, DateTime.UtcNow.AddSeconds(5)).ResponseAsync);
        long acknowledged = Stopwatch.GetTimestamp();
        bool isFailing = !failing.IsCompleted;
        await Task.Delay(Watched, Ct);
        watched.SetResult();
        await failing;
        await UntilAsync(() => pollers.All(p => p.Rejected > 0), "all reject");
        foreach (Poller poller in pollers)
        {
            await poller.DisposeAsync();
        }

        double late = pollers.Max(p => Stopwatch.GetElapsedTime(acknowledged, p.LastAccept).TotalSeconds);
        Tell(string.Create(CultureInfo.InvariantCulture, $"trial {trial} {fault}: last accept {late:f3} s after the acknowledgement, which came {(isFailing ? "while it failed" : "afterwards")}"));
        Assert.True(isFailing || !isHeld, "The fault was over before the revocation was acknowledged.");
        return late;
    }

    /// <summary>Every other one wants a proof, too, which is made between the decision and the answer.</summary>
    private static VerifyRequest Busily(VerifyRequest question, int number) => new(question) { IncludeProof = number % 2 == 0 };

    /// <summary>Something fails for a time, or until a task ends, and is mended.</summary>
    private async Task FailAsync(string fault, int held, Task? until)
    {
        int primary = _primary;
        switch (fault)
        {
            case "partition":
                _fleet.CutOff(primary);
                _ways.ForEach(w => w.Cut(_ => true));
                await (until ?? Task.Delay(held + 2500, Ct));
                _ways.ForEach(w => w.Heal());
                break;
            case "split":
                // The first instance and the old primary see each other and nothing else; all others are on the other side.
                _fleet.CutOff(primary, IsOfOthers());
                _ways.ForEach(w => w.Cut(_ => true));
                await until!;
                _ways.ForEach(w => w.Heal());
                break;
            case "promotion" or "split-promotion":
                // Nobody waits for the old primary to be missed: the new one acknowledges while the first instance may still believe the old one.
                _fleet.CutOff(primary, fault == "promotion" ? null : IsOfOthers());
                _ways.ForEach(w => w.Cut(_ => true));
                await _fleet.PromoteAsync();
                await until!;
                _ways.ForEach(w => w.Heal());
                break;
            case "hang":
                _fleet.Servers[primary].Stop();
                await (until ?? Task.Delay(held, Ct));
                _fleet.Servers[primary].Continue();
                await Task.Delay(1500, Ct);
                break;
            case "pause":
                await _services[2].StopAsync();
                await Task.Delay(held + 1500, Ct);
                await _services[2].ContinueAsync();
                return;
            default:
                await _fleet.Servers[primary].KillAsync();
                await _fleet.FailedOverAsync(primary);
                await (until ?? Task.CompletedTask);
                _primary = await _fleet.MadeWholeAsync(primary);
                return;
        }

        _primary = await _fleet.MadeWholeAsync();
    }

    /// <summary>
    /// Whether a connection is that of another instance than the first: only then does what is revoked there not reach the old primary, too, by a
    /// first try that was not acknowledged.
    /// </summary>
    private Func<IPEndPoint, bool> IsOfOthers()
    {
        ConcurrentDictionary<int, bool> known = new();
        return from => known.GetOrAdd(from.Port, port => SocketOwner.Of(port) != _services[0].Id);
    }

    private static async Task RepeatAsync<T>(Func<Task<T>> call)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && watch.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50, Ct);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"Not within a minute: {what}.");
            await Task.Delay(20, Ct);
        }
    }

    private IEnumerable<string> Settings(string roots)
    {
        RedisServer redis = _fleet.Servers[0];
        return
        [
            $"--Store:Redis:SentinelPrimary={RedisFleet.Name}",
            $"--Store:Redis:SentinelUser={RedisServer.User}",
            $"--Store:Redis:SentinelPasswordFile={redis.PasswordFile}",
            $"--Store:Redis:User={RedisServer.User}",
            $"--Store:Redis:PasswordFile={redis.PasswordFile}",
            "--Store:Redis:Tls:Enabled=true",
            $"--Store:Redis:Tls:CaFile={redis.Certificates.CaFile}",
            $"--Log:KeyFile={redis.LogKeyFile}",
            $"--Trust:UnsafeExtraRoots:0={roots}",
        ];
    }
}
