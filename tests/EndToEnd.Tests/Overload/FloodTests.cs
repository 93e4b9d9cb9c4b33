using System.Collections.Concurrent;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Admission;
using Verifier.TestKit;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Overload;

/// <summary>T94, F48, F49: one caller floods a service that does little at a time; another asks as ever, and somebody revokes.</summary>
public sealed class FloodTests
{
    private const int Flooders = 60;
    private const int Asked = 40;
    private const int MostTries = 10;

    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flood_IsShed_WhileAnotherCallerIsServed_AndARevocationCounts()
    {
        await using RunningService service = await RunningService.StartAsync(["--Admission:Concurrency=1", "--Admission:MaxInFlight=64", "--Admission:QueueTime=00:00:00.005"], Guest.Amd.Roots);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        VerifyRequest question = Requests.Verify(Guest, Guest.Certificates);
        Assert.Equal(Outcome.Accepted, (await service.VerifyAsync(question)).Outcome);

        ConcurrentBag<RpcException> refused = [];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task flood = Task.WhenAll(Enumerable.Range(0, Flooders).Select(_ => FloodAsync(service, question, refused, stop.Token)));

        for (int i = 0; i < Asked; i++)
        {
            Assert.Equal(Outcome.Accepted, (await PatientlyAsync(() => service.Verifier.VerifyAsync(question, RunningService.Registrar, cancellationToken: Ct))).Verdict.Outcome);
        }

        await service.RevokeAsync("guest", "leaked");
        Assert.Equal(Outcome.Rejected, (await PatientlyAsync(() => service.Verifier.VerifyAsync(question, RunningService.Registrar, cancellationToken: Ct))).Verdict.Outcome);
        await stop.CancelAsync();
        await flood;

        // A server that is flooded on one connection may cut streams without a word; that must stay the exception.
        RpcException[] told = [.. refused.Where(r => r.GetRpcStatus() is not null)];
        Assert.NotEmpty(told);
        Assert.True(told.Length >= refused.Count * 0.9, $"only {told.Length} of {refused.Count} were told when to come back");
        Assert.All(told, r => Assert.Contains(r.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason, new[] { "OVERLOADED", "CALLER_SHARE_TAKEN", "TENANT_SHARE_TAKEN" }));
        Assert.All(told, r => Assert.InRange(r.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().TotalMilliseconds, 100, 1000));
        await CalmAsync(service, question);
    }

    private static async Task FloodAsync(RunningService service, VerifyRequest question, ConcurrentBag<RpcException> refused, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Whatever is answered at all is a verdict on the evidence, and never one for want of time.
                VerifyResponse answer = await service.Verifier.VerifyAsync(question, cancellationToken: Ct);
                Assert.DoesNotContain(answer.Verdict.Checks, c => c.Status == Check.Types.Status.NotEvaluated);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                refused.Add(e);
                await Task.Delay(5, Ct);
            }
            catch (RpcException e) when (Patience.IsOfAStall(e))
            {
                // The machine stood still between the look-up and the answer.
            }
        }
    }

    /// <summary>As a client does that honours the hint.</summary>
    private static async Task<VerifyResponse> PatientlyAsync(Func<AsyncUnaryCall<VerifyResponse>> ask)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await Patience.ThroughStallsAsync(() => ask().ResponseAsync);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && tries < MostTries)
            {
                await Task.Delay(e.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), Ct);
            }
        }
    }

    private static async Task CalmAsync(RunningService service, VerifyRequest question)
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Outcome.Rejected, (await service.VerifyAsync(question)).Outcome);
        }

        AdmissionGate gate = service.Services.GetRequiredService<AdmissionGate>();
        WorkPlaces places = service.Services.GetRequiredService<WorkPlaces>();
        for (int i = 0; gate.InFlight != (0, 0) || places.InUse + places.Waiting > 0; i++)
        {
            Assert.True(i < 1000, $"{gate.InFlight}, {places.InUse} places, {places.Waiting} waiting");
            await Task.Delay(10, Ct);
        }
    }
}
