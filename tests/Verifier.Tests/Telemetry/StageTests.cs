using System.Collections.Concurrent;
using System.Diagnostics;
using Verifier.Contracts.V1;
using Verifier.Service.Telemetry;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Telemetry;

public sealed class StageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachStage_IsMeasured()
    {
        await using TestService service = await TestService.StartAsync(["--Tokens:Port=0"]);
        using MetricsProbe probe = new(service.App.Services);

        await service.Verifier.VerifyAsync(await QuestionAsync(service), cancellationToken: Cancellation);

        Assert.Equal(Stages.All.Order(), probe.LabelsOf("verifier.stage.duration").Select(l => l["stage=".Length..]).Distinct().Order());
    }

    [Fact]
    public async Task EachStage_IsASpanUnderTheCallsOwn_AndTellsNothingOfTheGuest()
    {
        ConcurrentQueue<Activity> spans = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name is Stages.SourceName or "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using TestService service = await TestService.StartAsync(["--Tokens:Port=0"]);
        VerifyRequest request = await QuestionAsync(service);
        using Activity caller = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        VerifyResponse answer = await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation);

        Activity[] stages = [.. spans.Where(s => s.TraceId == caller.TraceId && s.Source.Name == Stages.SourceName)];
        Assert.Equal(Stages.All.Select(s => $"verifier.{s}").Order(), stages.Select(s => s.OperationName).Distinct().Order());
        Activity call = await CallAsync(spans, caller.TraceId);
        Assert.All(stages, s => Assert.Equal(call.SpanId, s.ParentSpanId));
        Assert.All(stages, s => Assert.Empty(s.TagObjects));
        Assert.Equal(
            [("verifier.evidence_id", Convert.ToHexStringLower(answer.Verdict.EvidenceId.Span)), ("verifier.outcome", "refused"), ("verifier.reason", "MEASUREMENT_IS_REGISTERED")],
            call.TagObjects.Where(t => t.Key.StartsWith("verifier.", StringComparison.Ordinal)).Select(t => (t.Key, (string)t.Value!)).Order());
        string all = string.Join(' ', spans.Where(s => s.TraceId == caller.TraceId).SelectMany(s => s.TagObjects).Select(t => $"{t.Key}={t.Value}"));
        Assert.DoesNotContain(Convert.ToHexStringLower(request.Binding.Challenge.Challenge.Span[..8]), all, StringComparison.OrdinalIgnoreCase);
    }

    // A challenge, and a result: every stage there is.
    private static async Task<VerifyRequest> QuestionAsync(TestService service)
    {
        CreateChallengeResponse issued = await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);
        VerifyRequest request = Requests.Verify(Scenario.Vcek().WithReport(r => r with { ReportData = issued.Challenge.ToByteArray() }));
        request.Binding = new() { Challenge = new() { Challenge = issued.Challenge } };
        request.Result = new() { Audience = "https://relying-party.example" };
        return request;
    }

    // The call's own span ends after its answer was sent.
    private static async Task<Activity> CallAsync(ConcurrentQueue<Activity> spans, ActivityTraceId trace)
    {
        while (true)
        {
            if (spans.FirstOrDefault(s => s.TraceId == trace && s.Source.Name == "Microsoft.AspNetCore") is { } call)
            {
                return call;
            }

            await Task.Delay(10, Cancellation);
        }
    }
}
