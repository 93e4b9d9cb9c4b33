using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Sdk;
using Verifier.TestKit;
using Verifier.TestKit.Net;
using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>F47: this version and the one before on one Redis. tests/upgrade.sh builds the one before and runs these.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private static readonly string? Before = Environment.GetEnvironmentVariable("VERIFIER_BEFORE");
    private static readonly Scenario Guest = Scenario.Vcek();

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-upgrade-").FullName;
    private RedisServer _redis = null!;
    private string[] _settings = [];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Before is not null, "SKIPPED, NOT PASSED: VERIFIER_BEFORE names no version before; tests/upgrade.sh makes one.");
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        _redis = await RedisServer.StartAsync();
        string root = Path.Combine(_folder, "root.pem");
        await File.WriteAllTextAsync(root, PemEncoding.WriteString("CERTIFICATE", Guest.Amd.Ark.Certificate), TestContext.Current.CancellationToken);
        _settings = [.. OnRedis.Settings(_redis), $"--Trust:UnsafeExtraRoots:0={root}", "--Server:DrainDelay=00:00:01"];
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Fact]
    public async Task EachReadsWhatTheOtherWrote()
    {
        await using ServiceProcess old = await StartAsync(Before!, "old"), current = await StartAsync(Current, "current");

        await RegisterAsync(old, "by-old", Guest.Report.Measurement);
        await AcceptedAsync(old, current);
        await RegisterAsync(current, "by-current", SHA384.HashData("other"u8));
        Assert.Contains("by-current", await IdsAsync(old));

        await RevokeAsync(current, "by-old");
        await RefusedAsync(old, current);
        await RevokeAsync(old, "by-current");
        Assert.Equal(ReferenceValue.Types.State.Revoked, await StateAsync(current, "by-current"));
    }

    [Fact]
    public async Task ChallengeOfOne_ServesOnceAtTheOther()
    {
        await using ServiceProcess old = await StartAsync(Before!, "old"), current = await StartAsync(Current, "current");
        await RegisterAsync(old, "guest", Guest.Report.Measurement);

        foreach ((ServiceProcess asked, ServiceProcess other) in new[] { (old, current), (current, old) })
        {
            ByteString challenge = (await asked.Verifier.CreateChallengeAsync(new CreateChallengeRequest(), Call)).Challenge;
            byte[] report = Guest.WithReport(r => r with { ReportData = challenge.ToByteArray() }).SignReport();
            VerifyRequest question = Requests.Verify(report, null, Guest.Certificates);
            question.Binding = new ReportDataBinding { Challenge = new ChallengeBinding { Challenge = challenge } };

            Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, (await AskAsync(other, question)).Outcome);
            Assert.Equal(["EVIDENCE_IS_NOT_REPLAYED"], (await AskAsync(asked, question)).Failed());
        }
    }

    [Fact]
    public async Task RollingUpgradeAndRollback_FailNoCall()
    {
        List<ServiceProcess> replicas = [];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                replicas.Add(await StartAsync(Before!, $"{i}"));
            }

            await RegisterAsync(replicas[0], "guest", Guest.Report.Measurement);
            Uri[] addresses = [.. replicas.Select(r => new Uri($"http://127.0.0.1:{r.Port}"))];
            using VerifierClient client = new(new VerifierClientOptions { Address = addresses[0], Replicas = addresses[1..], AcceptWithin = TimeSpan.FromSeconds(10) });
            await SteadyLoad.WhileAsync(client, Guest, async load =>
            {
                foreach ((string version, int i) in from version in new[] { Current, Before! } from i in Enumerable.Range(0, 3) select (version, i))
                {
                    Assert.Equal(0, await replicas[i].EndAsync());
                    await replicas[i].DisposeAsync();
                    replicas[i] = await ServiceProcess.StartAsync(version, addresses[i].Port, Path.Combine(_folder, $"{i}"), _settings);
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

    private static string Current => CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll");

    private Task<ServiceProcess> StartAsync(string version, string name) => ServiceProcess.StartAsync(version, FreePort.Next(), Path.Combine(_folder, name), _settings);

    private static CallOptions Call => new(ServiceProcess.Credentials, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task RegisterAsync(ServiceProcess service, string id, byte[] measurement)
    {
        CreateReferenceValueRequest register = Requests.Create(id, measurement);
        register.RequestId = Guid.NewGuid().ToString();
        await Patience.EventuallyAsync(() => service.Registry.CreateReferenceValueAsync(register, Call).ResponseAsync);
    }

    private static async Task RevokeAsync(ServiceProcess service, string id)
    {
        RevokeReferenceValueRequest revoke = new() { Name = Requests.Name(id), Reason = "test", RequestId = Guid.NewGuid().ToString() };
        await Patience.EventuallyAsync(() => service.Registry.RevokeReferenceValueAsync(revoke, Call).ResponseAsync);
    }

    private static async Task<AttestationVerdict> AskAsync(ServiceProcess service, VerifyRequest question) =>
        (await Patience.EventuallyAsync(() => service.Verifier.VerifyAsync(question, Call).ResponseAsync)).Verdict;

    private static async Task AcceptedAsync(params ServiceProcess[] services)
    {
        foreach (ServiceProcess service in services)
        {
            Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, (await AskAsync(service, Requests.Verify(Guest, Guest.Certificates))).Outcome);
        }
    }

    private static async Task RefusedAsync(params ServiceProcess[] services)
    {
        foreach (ServiceProcess service in services)
        {
            Assert.Equal(["MEASUREMENT_IS_REGISTERED"], (await AskAsync(service, Requests.Verify(Guest, Guest.Certificates))).Failed());
        }
    }

    private static async Task<string[]> IdsAsync(ServiceProcess service) =>
        [.. (await service.Registry.ListReferenceValuesAsync(new ListReferenceValuesRequest(), Call)).ReferenceValues.Select(v => v.Name[(v.Name.LastIndexOf('/') + 1)..])];

    private static async Task<ReferenceValue.Types.State> StateAsync(ServiceProcess service, string id) =>
        (await service.Registry.GetReferenceValueAsync(new GetReferenceValueRequest { Name = Requests.Name(id) }, Call)).ReferenceValue.State;
}
