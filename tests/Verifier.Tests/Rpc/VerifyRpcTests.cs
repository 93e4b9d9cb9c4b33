using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Tests.Rpc;

public sealed class VerifyRpcTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisteredGuest_IsAccepted()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);

        Contracts.V1.AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;

        Assert.Equal(Outcome.Accepted, verdict.Outcome);
        Assert.Equal(Contracts.V1.AttestationVerdict.Types.Rejection.Unspecified, verdict.Rejection);
        Assert.Equal(48, verdict.Checks.Count);
        Assert.Equal(Requests.Name(), verdict.Reference.Name);
        Assert.Equal("nonce", verdict.Bound.Scheme);
        Assert.NotNull(verdict.Report);
        Assert.True(verdict.Endorsement.UnsafeExtraRoot);
        Assert.Contains(verdict.Warnings, w => w.Id == "UNSAFE_EXTRA_ROOT");
        Assert.Equal(VirtualAmd.Now, verdict.JudgeTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task SignedGuest_IsAcceptedBySigner_UntilThatIsRevoked()
    {
        await using TestService service = await TestService.StartAsync();
        ReferenceValue created = (await service.Registry.CreateReferenceValueAsync(Requests.CreateBySigner(), TestService.Registrar, cancellationToken: Cancellation)).ReferenceValue;
        Assert.True(created.AcceptBySigner);
        Assert.Equal(Requests.SignedBy(), created.Constraints);
        VerifyRequest request = Requests.Verify(Scenario.Vcek().WithReport(r => r with
        {
            IdKeyDigest = Requests.Bytes(48).ToByteArray(),
            GuestSvn = 5,
            FamilyId = Requests.Bytes(16, 2).ToByteArray(),
            ImageId = Requests.Bytes(16, 3).ToByteArray(),
        }));

        Contracts.V1.AttestationVerdict accepted = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;
        await service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("by-signer"), Reason = "key lost" }, TestService.Registrar, cancellationToken: Cancellation);
        await service.Registry.CreateReferenceValueAsync(Requests.CreateBySigner("again"), TestService.Registrar, cancellationToken: Cancellation);
        Contracts.V1.AttestationVerdict refused = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal((Outcome.Accepted, Requests.Name("by-signer"), true), (accepted.Outcome, accepted.Reference.Name, accepted.Reference.BySigner));
        Assert.Contains(accepted.Warnings, w => w.Id == "ACCEPTED_BY_SIGNER");
        Assert.Equal(["MEASUREMENT_IS_REGISTERED"], refused.Checks.Where(c => c.Status == Check.Types.Status.Failed).Select(c => c.Id));
        Assert.Contains(refused.Explanation, c => c.Id == "SIGNED_RELEASE_NOT_ACCEPTED");
    }

    [Fact]
    public async Task UnregisteredGuest_IsRefused()
    {
        await using TestService service = await TestService.StartAsync();

        Contracts.V1.AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;

        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Equal(Contracts.V1.AttestationVerdict.Types.Rejection.Refused, verdict.Rejection);
        Assert.Contains(verdict.Checks, c => c is { Id: "MEASUREMENT_IS_REGISTERED", Status: Check.Types.Status.Failed });
    }

    [Fact]
    public async Task ChangedReport_IsNotAuthentic_AndItsFieldsAreNamedUnverified()
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest request = Requests.Verify();
        byte[] report = request.Evidence.Snp.Report.ToByteArray();
        report[0x90] ^= 1;
        request.Evidence.Snp.Report = ByteString.CopyFrom(report);

        Contracts.V1.AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

        Assert.Equal(Contracts.V1.AttestationVerdict.Types.Rejection.NotAuthentic, verdict.Rejection);
        Assert.Null(verdict.Report);
        Assert.Equal(report[0x90], verdict.UnverifiedReport.Measurement[0]);
        Assert.Null(verdict.Reference);
        Assert.Null(verdict.Bound);
    }
}
