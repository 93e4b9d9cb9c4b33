using System.Text;
using Grpc.Core;
using SevSnp.Policies.Documents;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;
using AppraisalPolicy = SevSnp.Policies.AppraisalPolicy;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Tests.Policies;

/// <summary>Policies over the wire, and that the one in force is the one that judges.</summary>
public sealed class PolicyRpcTests
{
    private const string Default = "tenants/default/policies/default";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoPolicy_TheBuiltInOneIsInForceAndNamed()
    {
        await using TestService service = await TestService.StartAsync();
        AttestationVerdict verdict = await VerifyAsync(service);
        Assert.Equal(("builtin", "builtin", 0L), (verdict.Policy, verdict.EffectivePolicy.Name, verdict.EffectivePolicy.Version));
        Assert.Equal(AppraisalPolicy.Default.Identity.Sha256.Span, verdict.EffectivePolicy.Sha256.Span);

        Policy builtin = (await service.Policies.GetPolicyAsync(new() { Name = "tenants/default/policies/builtin" }, cancellationToken: Cancellation)).Policy;
        Assert.Equal((true, 0L, verdict.EffectivePolicy.Sha256), (builtin.InForce, builtin.Version, builtin.Sha256));
        Assert.Equal(Encoding.UTF8.GetString(PolicyDocument.Write(AppraisalPolicy.Default)), builtin.Document.ToStringUtf8());
    }

    [Fact]
    public async Task AppliedPolicy_HoldsFromTheNextCallOnAndIsNamed()
    {
        await using TestService service = await TestService.StartAsync();
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service)).Outcome);

        Policy applied = await service.ApplyAsync(new() { Constraints = new() { Vmpls = new() { Values = { 1 } } } });
        AttestationVerdict refused = await VerifyAsync(service);
        Assert.Equal(Outcome.Rejected, refused.Outcome);
        Assert.Contains(refused.Checks, c => c is { Id: "VMPL_IS_ALLOWED", Status: Check.Types.Status.Failed });
        Assert.Equal(("default", 1L, applied.Sha256), (refused.EffectivePolicy.Name, refused.EffectivePolicy.Version, refused.EffectivePolicy.Sha256));
        Assert.True(applied.InForce);

        await service.ApplyAsync(new());
        AttestationVerdict accepted = await VerifyAsync(service);
        Assert.Equal((Outcome.Accepted, 2L), (accepted.Outcome, accepted.EffectivePolicy.Version));
        Assert.Equal(AppraisalPolicy.Default.Identity.Sha256.Span, accepted.EffectivePolicy.Sha256.Span);
    }

    [Fact]
    public async Task Draft_JudgesNobody()
    {
        await using TestService service = await TestService.StartAsync();
        Policy draft = await service.ApplyAsync(new() { Constraints = new() { Vmpls = new() } }, "draft");
        Assert.False(draft.InForce);
        Assert.Equal((Outcome.Accepted, "builtin"), ((await VerifyAsync(service)).Outcome, (await VerifyAsync(service)).Policy));
    }

    [Fact]
    public async Task T50_DeniedChip_IsRefusedByTheNextCall()
    {
        await using TestService service = await TestService.StartAsync();
        await service.ApplyAsync(new() { DeniedChips = { Requests.Bytes(64, 9) } });
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service)).Outcome);
        await service.ApplyAsync(new() { DeniedChips = { Google.Protobuf.ByteString.CopyFrom(SimulatedChip.Named(SevSnp.Launch.ProductLine.Milan).ChipId) } });
        Assert.Equal(Outcome.Rejected, (await VerifyAsync(service)).Outcome);
    }

    [Fact]
    public async Task EveryMember_IsStoredAndGivenBack()
    {
        await using TestService service = await TestService.StartAsync();
        PolicyRules rules = new()
        {
            Description = "all there is",
            Constraints = new()
            {
                MinReportVersion = 4,
                Vmpls = new() { Values = { 0, 1 } },
                SigningKeys = { SigningKeyKind.Vcek },
                Products = { Product.Milan },
                ChipIds = { Requests.Bytes(64, 1) },
                HostData = Requests.Bytes(32),
                GuestPolicy = new() { Required = 1UL << 22, Forbidden = 1UL << 16, MinAbiMajor = 1, MinAbiMinor = 51 },
                PlatformInfo = new() { Required = 1UL << 2, Forbidden = 1UL << 60 },
                Signer = new() { NoIdBlock = new() },
                TcbFloors = { new TcbFloor { Product = Product.Milan, Committed = new() { Snp = 24 } } },
                MinFirmware = new() { Major = 1, Minor = 55, Build = 29 },
                MinCurrentFirmware = new() { Major = 1, Minor = 55, Build = 40 },
                RequiredMitigations = 0xB,
            },
            CspIds = { "CN=a", "CN=b" },
            DeniedChips = { Requests.Bytes(64, 2) },
            Revocation = PolicyRules.Types.Revocation.Required,
            RequiredAdvisories = { "AMD-SB-3015", "AMD-SB-3019" },
            RequestsMayState = new() { Names = { "image", "host_data" } },
            UnsafeAllowDebug = true,
            UnsafeAllowMigration = true,
            UnsafeAllowMaskedChipId = true,
            UnsafeAllowUnboundReport = true,
            UnsafeAllowAnyMeasurement = true,
            UnsafeSkipAliasCheck = true,
        };
        Policy applied = await service.ApplyAsync(rules, "full");
        Assert.Equal(rules, applied.Rules);
        Policy read = (await service.Policies.GetPolicyAsync(new() { Name = "tenants/default/policies/full@1" }, cancellationToken: Cancellation)).Policy;
        Assert.Equal(applied, read);
        Assert.True(PolicyDocument.TryRead(read.Document.Memory, out AppraisalPolicy? policy, out _));
        Assert.Equal(read.Sha256.Span, policy.Identity.Sha256.Span);

        // Applied again as it was read: the same content, and so no new version.
        Policy again = await service.ApplyAsync(read.Rules, "full");
        Assert.Equal((1L, read.Sha256), (again.Version, again.Sha256));
    }

    [Fact]
    public async Task Versions_AreListedNewestFirstInPages()
    {
        await using TestService service = await TestService.StartAsync();
        foreach (uint least in (uint[])[2, 3, 4, 5])
        {
            await service.ApplyAsync(new() { Constraints = new() { MinReportVersion = least } });
        }

        ListPolicyVersionsResponse first = await service.Policies.ListPolicyVersionsAsync(new() { Name = Default, PageSize = 3 }, cancellationToken: Cancellation);
        ListPolicyVersionsResponse second = await service.Policies.ListPolicyVersionsAsync(
            new() { Name = Default, PageSize = 3, PageToken = first.NextPageToken }, cancellationToken: Cancellation);
        Assert.Equal([4, 3, 2, 1], first.Policies.Concat(second.Policies).Select(p => p.Version));
        Assert.Equal([true, false, false, false], first.Policies.Concat(second.Policies).Select(p => p.InForce));
        Assert.Empty(second.NextPageToken);
        Policy old = (await service.Policies.GetPolicyAsync(new() { Name = $"{Default}@2" }, cancellationToken: Cancellation)).Policy;
        Assert.Equal((3U, false), (old.Rules.Constraints.MinReportVersion, old.InForce));
    }

    [Fact]
    public async Task Change_IsRepeatableConditionalAndCanBeTried()
    {
        await using TestService service = await TestService.StartAsync();
        ApplyPolicyRequest request = new() { Policy = new() { Name = Default, Rules = new() }, RequestId = Guid.NewGuid().ToString(), Reason = "start" };
        Policy first = (await service.Policies.ApplyPolicyAsync(request, TestService.Registrar, cancellationToken: Cancellation)).Policy;
        Assert.Equal(first, (await service.Policies.ApplyPolicyAsync(request, TestService.Registrar, cancellationToken: Cancellation)).Policy);
        Assert.Equal("start", Assert.Single(service.Documents.Changes).Reason);

        ApplyPolicyRequest trial = new() { Policy = new() { Name = Default, Rules = new() { UnsafeAllowDebug = true } }, ValidateOnly = true };
        ApplyPolicyResponse tried = await service.Policies.ApplyPolicyAsync(trial, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal((2L, false), (tried.Policy.Version, tried.Policy.InForce));
        Assert.Equal(["unsafe_allow_debug"], tried.UnsafeSwitches);
        Assert.Single(service.Documents.Changes);

        ApplyPolicyRequest next = new() { Policy = new() { Name = Default, Rules = new() { Description = "next" } }, Etag = first.Etag };
        await service.Policies.ApplyPolicyAsync(next, TestService.Registrar, cancellationToken: Cancellation);
        RpcException stale = await Assert.ThrowsAsync<RpcException>(async () => await service.Policies.ApplyPolicyAsync(next, TestService.Registrar, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
    }

    [Fact]
    public async Task DeletedDraft_IsGoneAndItsVersionsStay()
    {
        await using TestService service = await TestService.StartAsync();
        await service.ApplyAsync(new(), "draft");
        await service.Policies.DeletePolicyAsync(new() { Name = "tenants/default/policies/draft" }, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Empty((await service.Policies.ListPoliciesAsync(new(), cancellationToken: Cancellation)).Policies);
        Assert.Equal(1, (await service.Policies.GetPolicyAsync(new() { Name = "tenants/default/policies/draft@1" }, cancellationToken: Cancellation)).Policy.Version);
        Assert.Equal(2, (await service.ApplyAsync(new(), "draft")).Version);
    }

    [Fact]
    public async Task T109_LooseningPolicyInForce_IsToldInTheLogAndInVerdicts()
    {
        await using TestService service = await TestService.StartAsync();
        await service.ApplyAsync(new() { UnsafeAllowDebug = true }, "draft");
        Assert.DoesNotContain(service.Log.Entries, e => e.Id.Id == 10001);
        await service.ApplyAsync(new() { UnsafeAllowDebug = true });
        Assert.Contains("unsafe_allow_debug", Assert.Single(service.Log.Entries, e => e.Id.Id == 10001).Text, StringComparison.Ordinal);
        Assert.Contains((await VerifyAsync(service)).Warnings, w => w.Id == "UNSAFE_ALLOW_DEBUG");
    }

    [Fact]
    public async Task F05_StoreThatCannotTellThePolicy_GivesNoVerdict()
    {
        await using TestService service = await TestService.StartAsync();
        service.Documents.Fault = new StoreUnavailableException("away");
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(service))).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"v\":2}")]
    [InlineData("{\"v\":1,\"unsafe_allow_everything\":true}")]
    [InlineData("not json")]
    public async Task T53_StoredPolicyThatIsNotUnderstood_GivesNoVerdict(string content)
    {
        await using TestService service = await TestService.StartAsync();
        await service.Documents.ChangeAsync(
            new("default", DocumentKind.Policy, "default", DocumentStep.Put, Encoding.UTF8.GetBytes(content), null, Actor.Named("somebody"), VirtualAmd.Now), null, Cancellation);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(service));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        service.ExpectedErrors.UnionWith(service.Log.Entries.Where(e => e.Text.Contains("not understood", StringComparison.Ordinal) || e.Id.Id is >= 2000 and < 2100).Select(e => e.Id.Id));
    }

    [Fact]
    public async Task DryRun_TellsBothVerdictsAndTheDifference()
    {
        await using TestService service = await TestService.StartAsync();
        await RegisterAsync(service);
        EvaluatePolicyRequest request = new() { Evidence = Requests.Verify().Evidence, Rules = new() { Constraints = new() { Vmpls = new() { Values = { 1 } } }, UnsafeSkipAliasCheck = true } };
        EvaluatePolicyResponse answer = await service.Policies.EvaluatePolicyAsync(request, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal((Outcome.Accepted, Outcome.Rejected), (answer.Current.Outcome, answer.Draft.Outcome));
        Assert.Equal(("builtin", "draft"), (answer.Current.Policy, answer.Draft.Policy));
        Assert.Equal(["VMPL_IS_ALLOWED", "PLATFORM_INFO_IS_ALLOWED"], answer.DifferingChecks);

        // By the name of a stored draft; and one that says the same differs in nothing.
        await service.ApplyAsync(request.Rules, "draft");
        EvaluatePolicyResponse stored = await service.Policies.EvaluatePolicyAsync(
            new() { Evidence = request.Evidence, Policy = "tenants/default/policies/draft@1" }, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal(answer.DifferingChecks, stored.DifferingChecks);
        EvaluatePolicyResponse same = await service.Policies.EvaluatePolicyAsync(new() { Evidence = request.Evidence, Rules = new() }, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal((Outcome.Accepted, 0), (same.Draft.Outcome, same.DifferingChecks.Count));
    }

    // It judges by the policy in force: where Verify asks for an identity, a reader must not have verdicts without one.
    [Fact]
    public async Task T107_DryRun_IsForAdministratorsOnly()
    {
        await using TestService service = await TestService.StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Policies.EvaluatePolicyAsync(
            new() { Evidence = Requests.Verify().Evidence, Rules = new() }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    // What the message allows and the document does not must be found before it is stored: afterwards nothing could be judged any more.
    [Theory]
    [InlineData("space")]
    [InlineData("zero chip")]
    public async Task RulesThatNoDocumentCanHold_AreRefused_AndTheTenantGoesOn(string what)
    {
        await using TestService service = await TestService.StartAsync();
        PolicyRules rules = what == "space"
            ? new() { CspIds = { "aws " } }
            : new() { Constraints = new() { ChipIds = { Requests.Bytes(64, 0) } } };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => service.ApplyAsync(rules, "default"));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service)).Outcome);
    }

    private static async Task<AttestationVerdict> VerifyAsync(TestService service)
    {
        await RegisterAsync(service);
        return (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;
    }

    private static async Task RegisterAsync(TestService service)
    {
        CreateReferenceValueRequest create = Requests.Create();
        create.RequestId = "8d7c6d0e-1f0a-4a57-9c0e-5b8f1d2a3b4c";
        await service.Registry.CreateReferenceValueAsync(create, TestService.Registrar, cancellationToken: Cancellation);
    }
}
