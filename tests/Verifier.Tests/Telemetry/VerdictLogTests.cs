using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Telemetry;

public sealed class VerdictLogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachVerdict_IsOneEventWithItsEvidenceId()
    {
        await using TestService service = await TestService.StartAsync();

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;

        LogEntry entry = Assert.Single(service.Log.Entries, e => e.Id.Id == 4000);
        string policy = $"{verdict.EffectivePolicy.Name} (sha256 {Convert.ToHexStringLower(verdict.EffectivePolicy.Sha256.Span)[..12]}...)";
        Assert.Equal(
            $"Verdict refused, reason MEASUREMENT_IS_REGISTERED, evidence {Convert.ToHexStringLower(verdict.EvidenceId.Span)}, tenant default, policy {policy}, product Milan, reference none, unsafe root True, 0 ms",
            entry.Text);
    }

    [Fact]
    public async Task EvidenceId_IsTheHashOfWhatIsSigned()
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest request = Requests.Verify();

        await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation);

        byte[] signed = request.Evidence.Snp.Report.ToByteArray()[..0x2A0];
        Assert.Contains(
            $"evidence {Convert.ToHexStringLower(System.Security.Cryptography.SHA384.HashData(signed))},",
            Assert.Single(service.Log.Entries, e => e.Id.Id == 4000).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task T105_Secrets_AreInNoEvent()
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest request = Requests.Verify();
        await service.Verifier.VerifyAsync(request, TestService.Registrar, cancellationToken: Cancellation);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<RpcException>(async () => await service.Registry.CreateReferenceValueAsync(
            Requests.Create("other"), new Metadata { { "authorization", "Bearer canary-token-0123456789abcdef0123" } }, cancellationToken: Cancellation));

        byte[][] secrets = [ReportBuilder.DefaultReportData, Scenario.Vcek().Leaf.Chip.ChipId, request.Evidence.Snp.Report.ToByteArray()];
        string[] canaries =
        [
            TestService.Token, "canary-token",
            .. secrets.SelectMany(s => new[] { Convert.ToHexStringLower(s.AsSpan(0, 8)), Convert.ToHexString(s.AsSpan(0, 8)), Convert.ToBase64String(s)[..16] }),
        ];
        string all = string.Join('\n', service.Log.Entries.Select(e => $"{e.Text} {e.Exception}"));
        Assert.Contains("Verdict", all, StringComparison.Ordinal);
        Assert.DoesNotContain(canaries, c => all.Contains(c, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\r\nforged: line")]
    [InlineData("\u001b[31mred")]
    [InlineData("\u202Egnirts")]
    public async Task T104_CallersText_IsInNoEvent(string text)
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest question = Requests.Verify();
        question.Tenant = text;
        CreateReferenceValueRequest registration = Requests.Create();
        registration.ReferenceValue.Provenance = new Provenance { Repository = text };
        RevokeReferenceValueRequest revocation = new() { Name = Requests.Name() + text, Reason = text };

        await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(question, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<RpcException>(async () => await service.Registry.CreateReferenceValueAsync(registration, TestService.Registrar, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<RpcException>(async () => await service.Registry.RevokeReferenceValueAsync(revocation, TestService.Registrar, cancellationToken: Cancellation));

        Assert.DoesNotContain(service.Log.Entries, e => e.Text.Contains(text[..3], StringComparison.Ordinal));
    }
}
