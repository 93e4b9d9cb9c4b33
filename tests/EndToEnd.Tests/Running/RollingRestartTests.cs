using System.Security.Cryptography;
using Verifier.Sdk;
using Verifier.TestKit;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Three instances on one Redis, replaced one after the other while relying parties ask through the balancing client.</summary>
public sealed class RollingRestartTests : IDisposable
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-rolling-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RollingRestart_FailsNoCall()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        string root = Path.Combine(_folder, "root.pem");
        await File.WriteAllTextAsync(root, PemEncoding.WriteString("CERTIFICATE", Guest.Amd.Ark.Certificate), TestContext.Current.CancellationToken);
        string[] settings = [.. OnRedis.Settings(redis), $"--Trust:UnsafeExtraRoots:0={root}", "--Server:DrainDelay=00:00:01"];
        ServiceProcess[] replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ServiceProcess.StartAsync(Path.Combine(_folder, $"{i}"), settings)));
        try
        {
            await Patience.EventuallyAsync(() => replicas[0].Registry
                .CreateReferenceValueAsync(Requests.Create("guest", Guest.Report.Measurement), ServiceProcess.Credentials, cancellationToken: TestContext.Current.CancellationToken)
                .ResponseAsync);
            Uri[] addresses = [.. replicas.Select(r => new Uri($"http://127.0.0.1:{r.Port}"))];
            using VerifierClient client = new(new VerifierClientOptions { Address = addresses[0], Replicas = addresses[1..] });
            SteadyLoad load = new(client, Guest);
            using CancellationTokenSource stop = new();
            Task asking = load.RunAsync(stop.Token);

            for (int i = 0; i < replicas.Length; i++)
            {
                await SomeAnswersAsync(load);
                int code = await replicas[i].TerminateAsync();
                await replicas[i].DisposeAsync();
                Assert.Equal(0, code);
                await SomeAnswersAsync(load);
                replicas[i] = await ServiceProcess.StartAsync(addresses[i].Port, Path.Combine(_folder, $"{i}"), settings);
            }

            await SomeAnswersAsync(load);
            await stop.CancelAsync();
            await asking;

            Assert.True(load.Failures.Count == 0, $"{load.Failures.Count} of {load.Failures.Count + load.Accepted} calls failed, for example: {load.Failures.FirstOrDefault()}");
        }
        finally
        {
            foreach (ServiceProcess replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    // Enough that each replica in service has answered.
    private static async Task SomeAnswersAsync(SteadyLoad load)
    {
        int before = load.Accepted;
        while (load.Accepted < before + 30)
        {
            Assert.True(load.Failures.Count == 0, load.Failures.FirstOrDefault()?.ToString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
