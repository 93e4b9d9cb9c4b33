using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.Contracts.V1;
using Verifier.Service.Pipeline;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;
using Rejection = Verifier.Contracts.V1.AttestationVerdict.Types.Rejection;

namespace Verifier.Tests.Pipeline;

public sealed class VerificationPipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Hopeless => ["unsigned", "r-zero", "s-too-large", "bad-certificate", "bad-list"];

    [Theory]
    [MemberData(nameof(Hopeless))]
    public async Task T100_HopelessEvidence_CostsNobodyARequest(string kind)
    {
        await using TestService service = await TestService.StartAsync();

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(HopelessRequest(kind), cancellationToken: Cancellation)).Verdict;

        Assert.Equal(Rejection.NotAuthentic, verdict.Rejection);
        Assert.Equal((0, 0), (service.Certificates.Calls, service.Store.Lookups));
    }

    [Fact]
    public async Task MissingCertificates_AreGathered()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        Scenario scenario = Scenario.Vcek();
        service.Certificates.Known = scenario.Bundle;
        VerifyRequest request = Requests.Verify(scenario);
        request.Evidence.Snp.ClearCertificates();

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, verdict.Outcome);
        Assert.Equal((1, 1), (service.Certificates.Calls, service.Store.Lookups));
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("table")]
    public async Task OtherForms_AreReadToo(string form)
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        Scenario scenario = Scenario.Vcek();
        VerifyRequest request = Requests.Verify(scenario);
        if (form == "pem")
        {
            request.Evidence.Snp.Pem = scenario.CertificatesPem;
        }
        else
        {
            request.Evidence.Snp.Table = ByteString.CopyFrom(scenario.Table.Build());
        }

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, verdict.Outcome);
    }

    [Fact]
    public async Task StoreAway_IsNeverAVerdictOnAuthenticEvidence_ButDoesNotHideForgery()
    {
        await using TestService service = await TestService.StartAsync();
        service.Store.Fault = new StoreUnavailableException("away");
        VerifyRequest forged = Requests.Verify();
        byte[] report = forged.Evidence.Snp.Report.ToByteArray();
        report[0x50] ^= 1;
        forged.Evidence.Snp.Report = ByteString.CopyFrom(report);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));
        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(forged, cancellationToken: Cancellation)).Verdict;

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(Rejection.NotAuthentic, verdict.Rejection);
    }

    // T50: the certificates of a cold chip may take seconds; a revocation that was acknowledged meanwhile must not be overlooked.
    [Theory]
    [InlineData(5, false)]
    [InlineData(0, true)]
    public async Task T50_RevocationWhileCertificatesAreGathered_IsSeenWhenTheLookupIsOld(int seconds, bool isAccepted)
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        service.Certificates.Delay = async token =>
        {
            await service.Registry.RevokeReferenceValueAsync(
                new RevokeReferenceValueRequest { Name = Requests.Name(), Reason = "key leaked" }, TestService.Registrar, cancellationToken: token);
            service.Clock.Advance(TimeSpan.FromSeconds(seconds));
        };

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;

        Assert.Equal(isAccepted, verdict.Outcome == AttestationVerdict.Types.Outcome.Accepted);
        Assert.Equal(isAccepted ? 1 : 2, service.Store.Lookups);
    }

    // F34: a proof may be waited for between decision and answer, or the process may be stopped there.
    [Theory]
    [InlineData(799, true)]
    [InlineData(801, false)]
    public async Task F34_AcceptanceThatHasBecomeOld_IsNotTold(int milliseconds, bool isTold)
    {
        await using TestService service = await TestService.StartAsync();
        VerificationPipeline pipeline = service.App.Services.GetRequiredService<VerificationPipeline>();
        SevSnp.Judgement.AttestationVerdict accepted = Scenario.Vcek().Judge();
        SevSnp.Judgement.AttestationVerdict rejected = (Scenario.Vcek() with { Roots = TrustRoots.Amd }).Judge();
        long asked = service.Clock.GetTimestamp();

        service.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.True(accepted.Accepted);
        Assert.Equal(isTold, Record.Exception(() => pipeline.DemandFresh(new ExplainedVerdict(accepted, []) { AskedAt = asked })) is null);
        Assert.Null(Record.Exception(() => pipeline.DemandFresh(new ExplainedVerdict(rejected, []) { AskedAt = asked })));
    }

    [Fact]
    public async Task PassedDeadline_EndsTheCall_AndTheWorkBehindIt()
    {
        await using TestService service = await TestService.StartAsync();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Certificates.Delay = async token =>
        {
            await using CancellationTokenRegistration registration = token.Register(() => ended.TrySetResult());
            await Task.Delay(Timeout.Infinite, token);
        };

        // On a busy machine a deadline may pass before certificates were asked for; then there is no work to end.
        for (int milliseconds = 300; service.Certificates.Calls == 0; milliseconds *= 3)
        {
            Assert.InRange(milliseconds, 0, 30_000);
            RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
                await service.Verifier.VerifyAsync(Requests.Verify(), deadline: DateTime.UtcNow.AddMilliseconds(milliseconds), cancellationToken: Cancellation));
            Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task CallWithoutADeadline_GetsTheServersOwn()
    {
        await using TestService service = await TestService.StartAsync(["--Server:DefaultDeadline=00:00:00.2"]);
        service.Certificates.Delay = token => Task.Delay(Timeout.Infinite, token);

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task UnboundReport_IsJudgedOnlyWhereThePolicySaysSo_AndSaysSo()
    {
        await using TestService service = await TestService.StartAsync();
        await service.ApplyAsync(new() { UnsafeAllowUnboundReport = true });
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        VerifyRequest request = Requests.Verify();
        request.Binding = null;

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal((AttestationVerdict.Types.Outcome.Accepted, "default"), (verdict.Outcome, verdict.Policy));
        Assert.Contains(verdict.Warnings, w => w.Id.Contains("UNBOUND", StringComparison.Ordinal));
        Assert.Null(verdict.Bound);
    }

    [Fact]
    public async Task T15_EvidenceOfTheSelfTest_IsNotTrustedByTheService()
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest request = new()
        {
            Evidence = new Evidence { Snp = new SnpEvidence { Report = ByteString.CopyFrom(Samples.Read("report.bin")) } },
            Binding = new ReportDataBinding { Nonce = Requests.Bytes(64) },
        };
        CertificateBundle chain = CertificateBundle.FromPem(await File.ReadAllTextAsync(Samples.Path("chain.pem"), Cancellation));
        request.Evidence.Snp.Der = new DerCertificates { Certificates = { ByteString.CopyFrom(Samples.Read("vcek.der")) } };
        request.Evidence.Snp.Der.Certificates.AddRange(chain.Certificates.Select(c => ByteString.CopyFrom(c.Der.Span)));

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal(Rejection.NotAuthentic, verdict.Rejection);
        Assert.Contains(verdict.Checks, c => c is { Id: "ROOT_IS_PINNED", Status: Check.Types.Status.Failed });
    }

    private static VerifyRequest HopelessRequest(string kind)
    {
        Scenario scenario = Scenario.Vcek(ProductLine.Milan);
        VerifyRequest request = Requests.Verify();
        byte[] report = request.Evidence.Snp.Report.ToByteArray();
        switch (kind)
        {
            case "unsigned":
                report = scenario.WithReport(r => r with { SigningKey = 7 }).SignReport();
                break;
            case "r-zero":
                report.AsSpan(0x2A0, 48).Clear();
                break;
            case "s-too-large":
                report.AsSpan(0x2A0 + 72, 48).Fill(0xFF);
                break;
            case "bad-certificate":
                request.Evidence.Snp.Der.Certificates.Add(Requests.Bytes(100));
                break;
            default:
                request.Evidence.Snp.RevocationLists.Add(Requests.Bytes(100));
                break;
        }

        request.Evidence.Snp.Report = ByteString.CopyFrom(report);
        return request;
    }
}
