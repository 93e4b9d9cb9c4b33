using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Tests.Rpc;

public sealed class ObserveReferenceValueTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ObservedMeasurement_MatchesOnlyOnceItIsActivated()
    {
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = (await service.Registry.ObserveReferenceValueAsync(Requests.Observe(), TestService.Registrar, cancellationToken: Ct)).ReferenceValue;

        Assert.Equal((ReferenceValue.Types.Origin.Observed, ReferenceValue.Types.State.Pending), (value.Origin, value.State));
        Assert.Equal(ReportBuilder.DefaultMeasurement, Assert.Single(value.Measurements).Digest.ToByteArray());
        AttestationVerdict pending = await VerifyAsync(service);
        Assert.Equal(Outcome.Rejected, pending.Outcome);
        Assert.Equal(["RELEASE_AWAITS_APPROVAL"], pending.Explanation.Select(c => c.Id));
        await service.Registry.ActivateReferenceValueAsync(new() { Name = value.Name }, TestService.Registrar, cancellationToken: Ct);
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service)).Outcome);
    }

    [Theory]
    [InlineData(0x90)]
    [InlineData(0x2A0)]
    public async Task ForgedReport_IsNotStored(int offset)
    {
        ObserveReferenceValueRequest request = Requests.Observe();
        byte[] report = request.Evidence.Snp.Report.ToByteArray();
        report[offset] ^= 1;
        request.Evidence.Snp.Report = Google.Protobuf.ByteString.CopyFrom(report);
        await using TestService service = await TestService.StartAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await service.Registry.ObserveReferenceValueAsync(request, TestService.Registrar, cancellationToken: Ct));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Empty((await service.Registry.ListReferenceValuesAsync(new(), cancellationToken: Ct)).ReferenceValues);
    }

    private static async Task<AttestationVerdict> VerifyAsync(TestService service) =>
        (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Ct)).Verdict;
}
