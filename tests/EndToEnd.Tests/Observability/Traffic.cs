using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>What a service meets in its life: good and bad guests, bad requests, and a registry that changes.</summary>
internal sealed class Traffic(RunningService service, Scenario guest, Scenario unknownChip)
{
    // More than there are places, and fewer than may wait.
    private const int Burst = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public int Accepted { get; private set; }

    /// <summary>Rounds whose guest was not told, since the machine stood still.</summary>
    public int Unsure { get; private set; }

    /// <summary>Reference values in each state but pending: active, deprecated and revoked.</summary>
    public async Task RegisterAsync()
    {
        await service.RegisterAsync("guest", guest.Report.Measurement);
        await service.RegisterAsync("older", Digest(1));
        await service.RegisterAsync("broken", Digest(2));
        await service.Registry.DeprecateReferenceValueAsync(
            new() { Name = Requests.Name("older") }, RunningService.Registrar, cancellationToken: Cancellation);
        await service.Registry.RevokeReferenceValueAsync(
            new() { Name = Requests.Name("broken"), Reason = "a defect" }, RunningService.Registrar, cancellationToken: Cancellation);
    }

    /// <summary>One of each: accepted with a result, used again, rejected, not authentic, malformed, unknown to AMD, and shed; then more at a time than find a place.</summary>
    public async Task RoundAsync()
    {
        CreateChallengeResponse issued = await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);
        VerifyRequest question = Requests.Verify(guest.WithReport(r => r with { ReportData = issued.Challenge.ToByteArray() }));
        question.Binding = new() { Challenge = new() { Challenge = issued.Challenge } };
        question.Result = new() { Audience = "https://relying-party.example" };
        try
        {
            VerifyResponse first = await service.Verifier.VerifyAsync(question, cancellationToken: Cancellation);
            await service.Verifier.VerifyAsync(question, cancellationToken: Cancellation);
            Accepted += first.Verdict.Outcome == AttestationVerdict.Types.Outcome.Accepted ? 1 : 0;
        }
        catch (RpcException e) when (Patience.IsOfAStall(e))
        {
            Unsure++;
        }

        await service.VerifyAsync(Requests.Verify(guest.WithReport(r => r with { Measurement = Digest(3) })));
        await Patience.EventuallyAsync(() => service.VerifyAsync(Requests.Verify(unknownChip)));
        byte[] forged = guest.SignReport();
        forged[0x50] ^= 1;
        await service.VerifyAsync(Requests.Verify(forged, guest.Report.ReportData));
        await FailsAsync(() => service.VerifyAsync(Requests.Verify(new byte[100], guest.Report.ReportData)));
        await FailsAsync(async () => await service.Registry.GetReferenceValueAsync(
            new() { Name = Requests.Name("nobody") }, RunningService.Registrar, cancellationToken: Cancellation));
        await ShedAsync();
        await Task.WhenAll(Enumerable.Range(0, Burst).Select(_ => FailsAsync(() => service.VerifyAsync(Requests.Verify(forged, guest.Report.ReportData)))));
    }

    private async Task ShedAsync()
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using AsyncServerStreamingCall<WatchReferenceValuesResponse> one = service.Registry.WatchReferenceValues(
            new() { Parent = "tenants/default" }, RunningService.Registrar, cancellationToken: end.Token);
        using AsyncServerStreamingCall<WatchReferenceValuesResponse> other = service.Registry.WatchReferenceValues(
            new() { Parent = "tenants/default" }, RunningService.Registrar, cancellationToken: end.Token);
        Task[] both = [one.ResponseHeadersAsync, one.ResponseStream.MoveNext(end.Token), other.ResponseStream.MoveNext(end.Token)];
        await Task.WhenAny(Task.WhenAny(both[1], both[2]), Task.Delay(TimeSpan.FromSeconds(5), Cancellation));
        await end.CancelAsync();
        await Task.WhenAll(both.Select(t => FailsAsync(() => t)));
    }

    private static async Task FailsAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // As it should.
        }
    }

    private static byte[] Digest(byte value) => [.. Enumerable.Repeat(value, 48)];
}
