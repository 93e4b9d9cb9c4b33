using System.Security.Cryptography;
using Verifier.Contracts.V1;
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
    public async Task F35_RollingRestart_FailsNoCall()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        await using RedisServer redis = await RedisServer.StartAsync();
        string root = Path.Combine(_folder, "root.pem");
        await File.WriteAllTextAsync(root, PemEncoding.WriteString("CERTIFICATE", Guest.Amd.Ark.Certificate), TestContext.Current.CancellationToken);

        // Draining is what is seen here: a busy machine, on which three fresh processes keep up with nobody, must not look like it.
        string[] settings = [.. OnRedis.Settings(redis), "--Admission:QueueTime=00:00:01", "--Store:Redis:CallTimeout=00:00:05", $"--Trust:UnsafeExtraRoots:0={root}", "--Server:DrainDelay=00:00:01"];
        ServiceProcess[] replicas = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => ServiceProcess.StartAsync(Path.Combine(_folder, $"{i}"), settings)));
        try
        {
            CreateReferenceValueRequest register = Requests.Create("guest", Guest.Report.Measurement);
            register.RequestId = Guid.NewGuid().ToString();
            await Patience.EventuallyAsync(() => replicas[0].Registry
                .CreateReferenceValueAsync(register, ServiceProcess.Credentials, cancellationToken: TestContext.Current.CancellationToken)
                .ResponseAsync);
            Uri[] addresses = [.. replicas.Select(r => new Uri($"http://127.0.0.1:{r.Port}"))];
            using VerifierClient client = new(new VerifierClientOptions { Address = addresses[0], Replicas = addresses[1..], AcceptWithin = TimeSpan.FromSeconds(10) });

            await SteadyLoad.WhileAsync(client, Guest, async load =>
            {
                for (int i = 0; i < replicas.Length; i++)
                {
                    int code = await replicas[i].EndAsync();
                    await replicas[i].DisposeAsync();
                    Assert.Equal(0, code);
                    await load.SomeAnswersAsync();
                    replicas[i] = await ServiceProcess.StartAsync(addresses[i].Port, Path.Combine(_folder, $"{i}"), settings);
                    await load.SomeAnswersAsync();
                }
            });
        }
        finally
        {
            foreach (ServiceProcess replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }
}
