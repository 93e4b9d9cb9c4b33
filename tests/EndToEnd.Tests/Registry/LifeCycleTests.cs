using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.TestKit.Identity;
using IdentityRule = Verifier.Service.Identity.Rules.IdentityRule;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;
using Role = Verifier.Service.Identity.Rules.Role;
using State = Verifier.Contracts.V1.ReferenceValue.Types.State;
using TenantSettings = Verifier.Service.Identity.Tenants.TenantSettings;

namespace Verifier.EndToEnd.Tests.Registry;

/// <summary>Two people, dry runs, and revocations that are lifted, on a real store and with identities of a real issuer.</summary>
public sealed class LifeCycleTests : IAsyncLifetime
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private FakeIssuer _issuer = null!;
    private RunningService _service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static VerifyRequest Question => Requests.Verify(Guest, Guest.Certificates);

    public async ValueTask InitializeAsync()
    {
        _issuer = await FakeIssuer.StartAsync(new SettableClock(VirtualAmd.Now));
        _service = await RunningService.StartAsync(_issuer.Settings("Other"), Guest.Amd.Roots);
        foreach ((string who, Role[] roles) in new[] { ("builder", new[] { Role.Registrar }), ("both", [Role.Registrar, Role.Approver]), ("reviewer", [Role.Approver]) })
        {
            ClaimsCondition condition = new() { Issuer = _issuer.Name, Claims = new Dictionary<string, string> { ["sub"] = who } };
            await PutAsync(DocumentKind.IdentityRule, who, RuleCodec.Encode(new IdentityRule(condition, roles)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task TwoPersonRule_KeepsWhatOneRegistered_UntilAnotherActivatesIt()
    {
        await PutAsync(DocumentKind.Settings, DocumentIds.Settings, SettingsCodec.Encode(new TenantSettings { RequireApproval = true }));
        ReferenceValue registered = (await _service.Registry.CreateReferenceValueAsync(
            Requests.Create("guest", Guest.Report.Measurement), As("both"), cancellationToken: Ct)).ReferenceValue;
        Assert.Equal(State.Pending, registered.State);
        Assert.Contains("both", registered.Registrar, StringComparison.Ordinal);
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);

        ActivateReferenceValueRequest activate = new() { Name = Requests.Name("guest") };
        await RefusedAsync(StatusCode.FailedPrecondition, "APPROVAL_BY_ANOTHER", () => _service.Registry.ActivateReferenceValueAsync(activate, As("both"), cancellationToken: Ct));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => _service.Registry.ActivateReferenceValueAsync(activate, As("builder"), cancellationToken: Ct));
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);

        await _service.Registry.ActivateReferenceValueAsync(activate, As("reviewer"), cancellationToken: Ct);
        Assert.Equal(Outcome.Accepted, (await _service.VerifyAsync(Question)).Outcome);
    }

    [Fact]
    public async Task WithoutTheRule_WhatIsRegisteredIsInUseAtOnce()
    {
        Assert.Equal(State.Active, (await _service.Registry.CreateReferenceValueAsync(
            Requests.Create("guest", Guest.Report.Measurement), As("builder"), cancellationToken: Ct)).ReferenceValue.State);
        Assert.Equal(Outcome.Accepted, (await _service.VerifyAsync(Question)).Outcome);
    }

    [Fact]
    public async Task DryRunOfARevocation_TellsWhoHadItAccepted_AndRevokesNothing()
    {
        await _service.RegisterAsync("guest", Guest.Report.Measurement);
        await _service.RegisterAsync("twin", Guest.Report.Measurement);
        for (int i = 0; i < 3; i++)
        {
            await _service.VerifyAsync(Question);
        }

        await _service.Verifier.VerifyAsync(Question, RunningService.Registrar, cancellationToken: Ct);
        RevokeReferenceValueRequest revoke = new() { Name = Requests.Name("guest"), Reason = "test", ValidateOnly = true };
        RevokeReferenceValueResponse told = await _service.Registry.RevokeReferenceValueAsync(revoke, RunningService.Registrar, cancellationToken: Ct);

        Assert.Equal(State.Revoked, told.ReferenceValue.State);
        string today = VirtualAmd.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([(today, "anonymous", 3UL), (today, "admin", 1UL)], told.Impact.Uses.Select(u => (u.Day, u.Caller, u.Accepted)));
        Assert.Equal((4UL, 10.0), (told.Impact.Accepted, told.Impact.LossWindow.ToTimeSpan().TotalSeconds));
        Assert.Equal([Requests.Name("twin")], told.Impact.OtherReferenceValues);
        Assert.Equal(Outcome.Accepted, (await _service.VerifyAsync(Question)).Outcome);
        Assert.Null((await _service.Registry.RevokeReferenceValueAsync(
            new RevokeReferenceValueRequest { Name = Requests.Name("guest"), Reason = "test" }, RunningService.Registrar, cancellationToken: Ct)).Impact);
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);
    }

    [Fact]
    public async Task T71_Revocation_IsLiftedByTwoIdentities_AndByNoOne()
    {
        await _service.RegisterAsync("guest", Guest.Report.Measurement);
        await _service.RegisterAsync("twin", Guest.Report.Measurement);
        await _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("guest"), Reason = "test" }, RunningService.Registrar, cancellationToken: Ct);
        CreateLiftRequestRequest ask = Ask("lift-1");
        ApproveLiftRequestRequest approve = new() { Name = "tenants/default/liftRequests/lift-1" };
        await RefusedAsync(StatusCode.NotFound, "LIFT_REQUEST_NOT_FOUND", () => _service.Lifts.ApproveLiftRequestAsync(approve, As("reviewer"), cancellationToken: Ct));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => _service.Lifts.CreateLiftRequestAsync(ask, As("reviewer"), cancellationToken: Ct));

        Assert.Equal(LiftRequest.Types.State.Open, (await _service.Lifts.CreateLiftRequestAsync(ask, As("both"), cancellationToken: Ct)).LiftRequest.State);
        await RefusedAsync(StatusCode.FailedPrecondition, "APPROVAL_BY_ANOTHER", () => _service.Lifts.ApproveLiftRequestAsync(approve, As("both"), cancellationToken: Ct));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_MISSING", () => _service.Lifts.ApproveLiftRequestAsync(approve, As("builder"), cancellationToken: Ct));
        ApproveLiftRequestRequest tried = approve.Clone();
        tried.ValidateOnly = true;
        Assert.Equal([Requests.Name("twin")], (await _service.Lifts.ApproveLiftRequestAsync(tried, As("reviewer"), cancellationToken: Ct)).MatchingAgain.Select(v => v.Name));
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);

        LiftRequest lifted = (await _service.Lifts.ApproveLiftRequestAsync(approve, As("reviewer"), cancellationToken: Ct)).LiftRequest;
        Assert.Equal(LiftRequest.Types.State.Approved, lifted.State);
        Assert.Contains("reviewer", lifted.Approver, StringComparison.Ordinal);
        Assert.Contains("both", lifted.Requester, StringComparison.Ordinal);
        AttestationVerdict verdict = await _service.VerifyAsync(Question);
        Assert.Equal((Outcome.Accepted, Requests.Name("twin")), (verdict.Outcome, verdict.Reference?.Name));

        // It serves once: what is revoked anew stays so.
        await _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("twin"), Reason = "again" }, RunningService.Registrar, cancellationToken: Ct);
        await _service.Lifts.ApproveLiftRequestAsync(approve, As("reviewer"), cancellationToken: Ct);
        await RefusedAsync(StatusCode.FailedPrecondition, "WRONG_STATE", () => _service.Lifts.ApproveLiftRequestAsync(approve, RunningService.Registrar, cancellationToken: Ct));
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);
    }

    [Fact]
    public async Task T68_RegistrarBoundToAPrefix_CannotRevokeWhatOthersHave()
    {
        ClaimsCondition condition = new() { Issuer = _issuer.Name, Claims = new Dictionary<string, string> { ["sub"] = "ci" } };
        await PutAsync(DocumentKind.IdentityRule, "ci", RuleCodec.Encode(new IdentityRule(condition, [Role.Registrar]) { IdPrefix = "ci-" }));
        byte[] own = [.. Guest.Report.Measurement[..^1], 0x77];
        await _service.RegisterAsync("guest", Guest.Report.Measurement);
        await _service.Registry.CreateReferenceValueAsync(Requests.Create("ci-stolen", Guest.Report.Measurement), As("ci"), cancellationToken: Ct);
        await _service.Registry.CreateReferenceValueAsync(Requests.Create("ci-own", own), As("ci"), cancellationToken: Ct);

        await RefusedAsync(
            StatusCode.FailedPrecondition,
            "MEASUREMENT_OF_OTHERS",
            () => _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("ci-stolen"), Reason = "test" }, As("ci"), cancellationToken: Ct));
        await RefusedAsync(
            StatusCode.PermissionDenied,
            "ROLE_MISSING",
            () => _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("guest"), Reason = "test" }, As("ci"), cancellationToken: Ct));
        Assert.Equal(Outcome.Accepted, (await _service.VerifyAsync(Question)).Outcome);

        await _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("ci-own"), Reason = "test" }, As("ci"), cancellationToken: Ct);
        await _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("ci-stolen"), Reason = "test" }, As("builder"), cancellationToken: Ct);
        Assert.Equal(Outcome.Rejected, (await _service.VerifyAsync(Question)).Outcome);
    }

    [Fact]
    public async Task LiftOfWhatIsNotRevoked_OrTooLate_IsRefused()
    {
        await RefusedAsync(StatusCode.FailedPrecondition, "MEASUREMENT_NOT_REVOKED", () => _service.Lifts.CreateLiftRequestAsync(Ask("lift-1"), As("builder"), cancellationToken: Ct));
        await _service.RegisterAsync("guest", Guest.Report.Measurement);
        await _service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("guest"), Reason = "test" }, RunningService.Registrar, cancellationToken: Ct);
        await _service.Lifts.CreateLiftRequestAsync(Ask("lift-1"), As("builder"), cancellationToken: Ct);
        await RefusedAsync(StatusCode.AlreadyExists, "LIFT_REQUEST_EXISTS", () => _service.Lifts.CreateLiftRequestAsync(Ask("lift-1"), As("both"), cancellationToken: Ct));

        _service.Clock.Now = VirtualAmd.Now.AddDays(7);
        Assert.Equal(LiftRequest.Types.State.Expired, Assert.Single((await _service.Lifts.ListLiftRequestsAsync(new(), cancellationToken: Ct)).LiftRequests).State);
        await RefusedAsync(
            StatusCode.FailedPrecondition,
            "WRONG_STATE",
            () => _service.Lifts.ApproveLiftRequestAsync(new() { Name = "tenants/default/liftRequests/lift-1" }, RunningService.Registrar, cancellationToken: Ct));
    }

    private static CreateLiftRequestRequest Ask(string id) => new()
    {
        LiftRequestId = id,
        LiftRequest = new() { Digest = ByteString.CopyFrom(Guest.Report.Measurement), Reason = "revoked by mistake" },
    };

    private static async Task RefusedAsync<T>(StatusCode code, string reason, Func<AsyncUnaryCall<T>> call)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal((code, reason), (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason));
    }

    private Metadata As(string subject) => new() { { "authorization", $"Bearer {_issuer.Token(subject)}" } };

    private async Task PutAsync(DocumentKind kind, string id, byte[] content) => await _service.Services.GetRequiredService<IDocumentStore>().ChangeAsync(
        new DocumentChange("default", kind, id, DocumentStep.Put, content, null, Actor.Named("test"), VirtualAmd.Now), null, Ct);
}
