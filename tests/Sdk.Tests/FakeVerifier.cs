using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Status = Google.Rpc.Status;

namespace Verifier.Sdk.Tests;

/// <summary>A service on a real socket that issues challenges and answers what a test wants.</summary>
internal sealed class FakeVerifier : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _challenges;
    private int _questions;

    private FakeVerifier(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public int Challenges => _challenges;

    public int Questions => _questions;

    /// <summary>Thrown instead of the next answers, in order.</summary>
    public ConcurrentQueue<RpcException> Faults { get; } = new();

    /// <summary>Thrown by every call when set.</summary>
    public RpcException? Outage { get; set; }

    /// <summary>So many challenges must have been asked for before any is answered.</summary>
    public int Together { get; set; }

    /// <summary>What is changed of a good answer.</summary>
    public Action<VerifyResponse> Spoil { get; set; } = _ => { };

    public VerifyRequest? Asked { get; private set; }

    public string? Authorization { get; private set; }

    public static async Task<FakeVerifier> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        FakeVerifier? fake = null;
        builder.Services.AddSingleton(_ => fake!);
        WebApplication app = builder.Build();
        fake = new FakeVerifier(app);
        app.MapGrpcService<Rpc>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        fake.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return fake;
    }

    /// <summary>A guest of a simulated AMD, whatever it is asked for.</summary>
    public static EvidenceSource EvidenceFor(ChallengeUse use) => (challenge, _) =>
    {
        byte[] report = Scenario.Vcek().WithReport(r => r with { ReportData = use.ReportData(challenge.Bytes) }).SignReport();
        return Task.FromResult(new GuestEvidence(report) { Use = use });
    };

    public static RpcException Fault(StatusCode code, string reason, TimeSpan? retry = null)
    {
        Status status = new() { Code = (int)code, Message = "told", Details = { Any.Pack(new ErrorInfo { Reason = reason, Domain = "verifier.v1" }) } };
        if (retry is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return status.ToRpcException();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Throw()
    {
        if (Outage is { } outage)
        {
            throw outage;
        }

        if (Faults.TryDequeue(out RpcException? fault))
        {
            throw fault;
        }
    }

    private static VerifyResponse Accept(VerifyRequest request)
    {
        ChallengeBinding challenge = request.Binding.Challenge;
        ReadOnlySpan<byte> report = request.Evidence.Snp.Report.Span;
        AttestationVerdict verdict = new()
        {
            Outcome = AttestationVerdict.Types.Outcome.Accepted,
            EvidenceId = ByteString.CopyFrom(SHA384.HashData(report[..0x2A0])),
            Bound = new BoundData { Scheme = "challenge", ReportData = challenge.Challenge },
            Summary = "Accepted.",
        };
        if (challenge.HashedWithCase == ChallengeBinding.HashedWithOneofCase.SvsmNegotiated)
        {
            verdict.Bound.Scheme = "challenge_svsm_negotiated";
            verdict.Bound.Parts.Add([challenge.Challenge, challenge.SvsmNegotiated.X, challenge.SvsmNegotiated.Y]);
            verdict.Bound.ReportData = ByteString.CopyFrom(SHA512.HashData([.. challenge.Challenge, .. challenge.SvsmNegotiated.X, .. challenge.SvsmNegotiated.Y]));
        }

        foreach (string id in new[] { "REPORT_DATA_MATCHES_BINDING", "EVIDENCE_IS_FRESH", "EVIDENCE_IS_NOT_REPLAYED" })
        {
            verdict.Checks.Add(new Check { Id = id, Status = Check.Types.Status.Passed });
        }

        return new VerifyResponse { Verdict = verdict };
    }

    private sealed class Rpc(FakeVerifier fake) : VerifierService.VerifierServiceBase
    {
        public override async Task<CreateChallengeResponse> CreateChallenge(CreateChallengeRequest request, ServerCallContext context)
        {
            if (Interlocked.Increment(ref fake._challenges) >= fake.Together)
            {
                fake._all.TrySetResult();
            }

            await fake._all.Task.WaitAsync(context.CancellationToken);
            fake.Throw();
            return new CreateChallengeResponse { Challenge = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(64)), ExpireTime = new Timestamp { Seconds = 1 } };
        }

        public override Task<VerifyResponse> Verify(VerifyRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref fake._questions);
            (fake.Asked, fake.Authorization) = (request, context.RequestHeaders.GetValue("authorization"));
            fake.Throw();
            VerifyResponse response = Accept(request);
            fake.Spoil(response);
            return Task.FromResult(response);
        }
    }
}
