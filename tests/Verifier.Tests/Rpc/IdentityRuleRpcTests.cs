using Google.Rpc;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.TestKit.Identity;
using Verifier.Tests.Hosting;
using Role = Verifier.Contracts.V1.Role;

namespace Verifier.Tests.Rpc;

/// <summary>Rules and tenants through the whole service.</summary>
public sealed class IdentityRuleRpcTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rule_IsMadeReadReplacedAndDeleted()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        IdentityRuleService.IdentityRuleServiceClient rules = new(reachable.Channel());

        IdentityRule made = (await rules.CreateIdentityRuleAsync(new() { IdentityRuleId = "ci", IdentityRule = Rule(reachable, "ci") }, TestService.Registrar, cancellationToken: Cancellation)).IdentityRule;
        await reachable.Registry.CreateReferenceValueAsync(Requests.Create("a"), reachable.As("ci"), cancellationToken: Cancellation);

        Assert.Equal(("tenants/default/identityRules/ci", "admin"), (made.Name, made.Author));
        Assert.Equal(made, (await rules.GetIdentityRuleAsync(new() { Name = made.Name }, TestService.Registrar, cancellationToken: Cancellation)).IdentityRule);
        Assert.Equal(made, Assert.Single((await rules.ListIdentityRulesAsync(new(), TestService.Registrar, cancellationToken: Cancellation)).IdentityRules));

        IdentityRule other = Rule(reachable, "somebody-else");
        other.Name = made.Name;
        await rules.UpdateIdentityRuleAsync(new() { IdentityRule = other, Etag = made.Etag }, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Registry.CreateReferenceValueAsync(Requests.Create("b"), reachable.As("ci"), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.Aborted, await Refused(() => rules.DeleteIdentityRuleAsync(new() { Name = made.Name, Etag = made.Etag }, TestService.Registrar, cancellationToken: Cancellation)));

        await rules.DeleteIdentityRuleAsync(new() { Name = made.Name }, TestService.Registrar, cancellationToken: Cancellation);
        Assert.Equal(StatusCode.NotFound, await Refused(() => rules.GetIdentityRuleAsync(new() { Name = made.Name }, TestService.Registrar, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Registry.ListReferenceValuesAsync(new(), reachable.As("somebody-else"), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task EveryKindOfRule_ComesBackAsItWasWritten()
    {
        await using FakeIssuer gitHub = await FakeIssuer.StartAsync();
        await using FakeIssuer gitLab = await FakeIssuer.StartAsync();
        await using FakeIssuer cluster = await FakeIssuer.StartAsync();
        await using TestService service = await TestService.StartAsync([.. gitHub.Settings("GitHub"), .. gitLab.Settings("GitLab", 1), .. cluster.Settings("Kubernetes", 2)]);
        IdentityRuleService.IdentityRuleServiceClient rules = new(service.Channel());
        IdentityRule[] all =
        [
            new() { Github = new() { Issuer = gitHub.Name, RepositoryId = "1", RepositoryOwnerId = "2", JobWorkflowRef = "o/r/.github/workflows/w.yml@refs/tags/*", WorkflowRef = "o/r/.github/workflows/w.yml@refs/tags/v1", Ref = "refs/tags/v*", Environment = "e", EventNames = { "push" } } },
            new() { Gitlab = new() { Issuer = gitLab.Name, ProjectId = "1", NamespaceId = "2", Ref = "refs/heads/main", Environment = "e", CiConfigRefUri = "g/p//.gitlab-ci.yml@refs/heads/main" } },
            new() { Kubernetes = new() { Issuer = cluster.Name, Namespace = "n", ServiceAccount = "s", ServiceAccountUid = "u" } },
            new() { Certificate = new() { SpkiSha256 = new string('a', 64) } },
        ];
        foreach (IdentityRule rule in all)
        {
            rule.Description = "words";
            rule.Roles.Add(Role.Registrar);
            rule.IdPrefix = "a-";
            string id = rule.IdentityCase.ToString().ToLowerInvariant();
            IdentityRule kept = (await rules.CreateIdentityRuleAsync(new() { IdentityRuleId = id, IdentityRule = rule }, TestService.Registrar, cancellationToken: Cancellation)).IdentityRule;
            IdentityRule expected = rule.Clone();
            (expected.Name, expected.Author, expected.Etag, expected.CreateTime, expected.UpdateTime) = (kept.Name, kept.Author, kept.Etag, kept.CreateTime, kept.UpdateTime);
            Assert.Equal(expected, kept);
        }
    }

    [Theory]
    [InlineData("identity_rule", "REQUIRED")]
    [InlineData("identity_rule.identity", "REQUIRED")]
    [InlineData("identity_rule.roles", "REQUIRED")]
    [InlineData("identity_rule.github.repository_id", "REQUIRED")]
    [InlineData("identity_rule.github.issuer", "UNKNOWN_VALUE")]
    [InlineData("identity_rule.other.claims", "REQUIRED")]
    [InlineData("identity_rule_id", "REQUIRED")]
    public async Task RuleThatSaysTooLittle_IsRefusedWithWhatIsMissing(string field, string reason)
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        CreateIdentityRuleRequest request = new() { IdentityRuleId = "ci", IdentityRule = Rule(reachable, "ci") };
        switch (field)
        {
            case "identity_rule": request.IdentityRule = null; break;
            case "identity_rule.identity": request.IdentityRule.ClearIdentity(); break;
            case "identity_rule.roles": request.IdentityRule.Roles.Clear(); break;
            case "identity_rule.github.repository_id": request.IdentityRule.Github = new() { RepositoryOwnerId = "2", Ref = "refs/tags/v*" }; break;
            case "identity_rule.github.issuer": request.IdentityRule.Github = new() { RepositoryId = "1", RepositoryOwnerId = "2", Ref = "refs/tags/v*" }; break;
            case "identity_rule.other.claims": request.IdentityRule.Other.Claims.Clear(); break;
            default: request.IdentityRuleId = ""; break;
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new IdentityRuleService.IdentityRuleServiceClient(reachable.Channel()).CreateIdentityRuleAsync(request, TestService.Registrar, cancellationToken: Cancellation));

        Assert.Contains(error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations, v => v.Field == field && v.Reason == reason);
        Assert.Empty(reachable.Service.Documents.Changes);
    }

    [Fact]
    public async Task ValidateOnly_ChangesNothing()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        IdentityRuleService.IdentityRuleServiceClient rules = new(reachable.Channel());

        await rules.CreateIdentityRuleAsync(new() { IdentityRuleId = "ci", IdentityRule = Rule(reachable, "ci"), ValidateOnly = true }, TestService.Registrar, cancellationToken: Cancellation);

        Assert.Empty((await rules.ListIdentityRulesAsync(new(), TestService.Registrar, cancellationToken: Cancellation)).IdentityRules);
    }

    [Fact]
    public async Task Test_TellsWhichRulesWouldMatch()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        IdentityRuleService.IdentityRuleServiceClient rules = new(reachable.Channel());
        foreach (string id in new[] { "one", "two" })
        {
            await rules.CreateIdentityRuleAsync(new() { IdentityRuleId = id, IdentityRule = Rule(reachable, id) }, TestService.Registrar, cancellationToken: Cancellation);
        }

        TestIdentityRulesResponse response = await rules.TestIdentityRulesAsync(new() { Issuer = reachable.Issuer.Name, ClaimsJson = """{"sub":"two"}""" }, TestService.Registrar, cancellationToken: Cancellation);

        Assert.Equal("tenants/default/identityRules/two", Assert.Single(response.IdentityRules).Name);
        Assert.Equal(StatusCode.InvalidArgument, await Refused(() => rules.TestIdentityRulesAsync(new() { Issuer = reachable.Issuer.Name + "/", ClaimsJson = "{}" }, TestService.Registrar, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.InvalidArgument, await Refused(() => rules.TestIdentityRulesAsync(new() { Issuer = reachable.Issuer.Name, ClaimsJson = """{"a":1,"a":2}""" }, TestService.Registrar, cancellationToken: Cancellation)));
    }

    /// <summary>A rule that would match "7" is not asked about 7: no token that says so is taken.</summary>
    [Theory]
    [InlineData("""{"sub":"7"}""", true)]
    [InlineData("""{"sub":7}""", false)]
    [InlineData("""{"sub":["7"]}""", false)]
    [InlineData("""{"sub":null}""", false)]
    [InlineData("""{"sub":""}""", false)]
    [InlineData("""{"sub":"7\u202e"}""", false)]
    public async Task Test_TakesTheSubjectsThatATokenMayHave(string claims, bool isTaken)
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        IdentityRuleService.IdentityRuleServiceClient rules = new(reachable.Channel());
        await rules.CreateIdentityRuleAsync(new() { IdentityRuleId = "seven", IdentityRule = Rule(reachable, "7") }, TestService.Registrar, cancellationToken: Cancellation);
        TestIdentityRulesRequest request = new() { Issuer = reachable.Issuer.Name, ClaimsJson = claims };

        if (isTaken)
        {
            Assert.Single((await rules.TestIdentityRulesAsync(request, TestService.Registrar, cancellationToken: Cancellation)).IdentityRules);
        }
        else
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await rules.TestIdentityRulesAsync(request, TestService.Registrar, cancellationToken: Cancellation));
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            Assert.Contains("claims_json", error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task T78_Tenant_IsMadeWithItsFirstRule_AndItsAdministratorRulesNowhereElse()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        TenantService.TenantServiceClient tenants = new(reachable.Channel());
        IdentityRuleService.IdentityRuleServiceClient rules = new(reachable.Channel());
        IdentityRule first = Rule(reachable, "boss");
        first.Roles.Clear();
        first.Roles.Add(Role.Admin);

        Tenant made = (await tenants.CreateTenantAsync(new() { TenantId = "blue", IdentityRuleId = "boss", IdentityRule = first }, TestService.Registrar, cancellationToken: Cancellation)).Tenant;
        await rules.CreateIdentityRuleAsync(new() { Parent = made.Name, IdentityRuleId = "ci", IdentityRule = Rule(reachable, "ci") }, reachable.As("boss"), cancellationToken: Cancellation);
        await tenants.UpdateTenantSettingsAsync(new() { Name = made.Name, Settings = new() { RequireApproval = true }, Etag = made.Etag }, reachable.As("boss"), cancellationToken: Cancellation);

        Assert.True((await tenants.GetTenantAsync(new() { Name = made.Name }, reachable.As("boss"), cancellationToken: Cancellation)).Tenant.Settings.RequireApproval);
        Assert.Equal(["tenants/blue", "tenants/default"], (await tenants.ListTenantsAsync(new(), TestService.Registrar, cancellationToken: Cancellation)).Tenants.Select(t => t.Name));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => tenants.ListTenantsAsync(new(), reachable.As("boss"), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => tenants.CreateTenantAsync(new() { TenantId = "green" }, reachable.As("boss"), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => rules.ListIdentityRulesAsync(new(), reachable.As("boss"), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.AlreadyExists, await Refused(() => tenants.CreateTenantAsync(new() { TenantId = "blue", IdentityRuleId = "boss", IdentityRule = Rule(reachable, "thief") }, TestService.Registrar, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.Aborted, await Refused(() => tenants.UpdateTenantSettingsAsync(new() { Name = made.Name, Settings = new(), Etag = made.Etag }, reachable.As("boss"), cancellationToken: Cancellation)));
        Assert.DoesNotContain(reachable.Service.Documents.Changes, c => c.Kind == DocumentKind.IdentityRule && c.Content.Span.IndexOf("thief"u8) >= 0);
    }

    [Fact]
    public async Task ContradictorySettings_AreRefused()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        TenantService.TenantServiceClient tenants = new(reachable.Channel());

        Assert.Equal(StatusCode.InvalidArgument, await Refused(() => tenants.UpdateTenantSettingsAsync(new() { Settings = new() { OpenToAnyone = true, VerifyNeedsIdentity = true } }, TestService.Registrar, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.InvalidArgument, await Refused(() => tenants.UpdateTenantSettingsAsync(new(), TestService.Registrar, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.InvalidArgument, await Refused(() => tenants.CreateTenantAsync(new() { TenantId = "settings" }, TestService.Registrar, cancellationToken: Cancellation)));
        Assert.False((await tenants.GetTenantAsync(new(), TestService.Registrar, cancellationToken: Cancellation)).Tenant.Settings.OpenToAnyone);
    }

    private static IdentityRule Rule(ReachableService reachable, string subject) => new()
    {
        Roles = { Role.Registrar },
        Other = new() { Issuer = reachable.Issuer.Name, Claims = { ["sub"] = subject } },
    };

    private static async Task<StatusCode> Refused<T>(Func<AsyncUnaryCall<T>> call) => (await Assert.ThrowsAsync<RpcException>(async () => await call())).StatusCode;
}
