using System.Text;
using System.Text.Json.Nodes;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Rules;

namespace Verifier.Tests.Identity;

/// <summary>What a rule must say, and what its roles allow.</summary>
public sealed class IdentityRuleTests
{
    private static readonly GitHubCondition GitHub = new() { RepositoryId = "4711", RepositoryOwnerId = "815", Ref = "refs/tags/v*" };
    private static readonly GitLabCondition GitLab = new() { ProjectId = "4711", NamespaceId = "815" };
    private static readonly KubernetesCondition Account = new() { Issuer = "https://k", Namespace = "ci", ServiceAccount = "a", ServiceAccountUid = "u" };
    private static readonly CertificateCondition Certificate = new() { DnsName = "ci.example" };

    private static readonly Dictionary<string, (string Field, bool IsMissing, IdentityCondition Condition)> Faults = new()
    {
        ["no repository number"] = ("github.repository_id", true, GitHub with { RepositoryId = "" }),
        ["repository by name"] = ("github.repository_id", false, GitHub with { RepositoryId = "octo/firmware" }),
        ["number with a zero before"] = ("github.repository_id", false, GitHub with { RepositoryId = "04711" }),
        ["no owner"] = ("github.repository_owner_id", true, GitHub with { RepositoryOwnerId = "" }),
        ["any branch"] = ("github", true, GitHub with { Ref = "" }),
        ["wildcard inside"] = ("github.ref", false, GitHub with { Ref = "refs/*/v1" }),
        ["wildcard for everything"] = ("github.ref", false, GitHub with { Ref = "*" }),
        ["short ref"] = ("github.ref", false, GitHub with { Ref = "v1" }),
        ["ref of a pull request"] = ("github.ref", false, GitHub with { Ref = "refs/pull/*" }),
        ["wildcard in the file"] = ("github.job_workflow_ref", false, GitHub with { JobWorkflowRef = "octo/*@refs/tags/v1" }),
        ["workflow without a ref"] = ("github.workflow_ref", false, GitHub with { WorkflowRef = "octo/firmware/.github/workflows/release.yml" }),
        ["wildcard as the ref of a workflow"] = ("github.workflow_ref", false, GitHub with { WorkflowRef = "octo/firmware/.github/workflows/release.yml@*" }),
        ["environment with a wildcard"] = ("github.environment", false, GitHub with { Environment = "rel*" }),
        ["empty event"] = ("github.event_names", false, GitHub with { EventNames = [""] }),
        ["no project"] = ("gitlab.project_id", true, GitLab with { ProjectId = "" }),
        ["no namespace"] = ("gitlab.namespace_id", true, GitLab with { NamespaceId = "" }),
        ["short GitLab ref"] = ("gitlab.ref", false, GitLab with { Ref = "main" }),
        ["no cluster"] = ("kubernetes.issuer", true, Account with { Issuer = "" }),
        ["no Kubernetes namespace"] = ("kubernetes.namespace", true, Account with { Namespace = "" }),
        ["no account"] = ("kubernetes.service_account", true, Account with { ServiceAccount = "" }),
        ["no account uid"] = ("kubernetes.service_account_uid", true, Account with { ServiceAccountUid = "" }),
        ["no claims"] = ("other.claims", true, new ClaimsCondition { Issuer = "https://i" }),
        ["claims that decide nothing"] = ("other.claims", true, Claims("aud", "verifier")),
        ["claim with a wildcard"] = ("other.claims", false, Claims("sub", "me*")),
        ["claim without a value"] = ("other.claims", false, Claims("sub", "")),
        ["certificate by nothing"] = ("certificate", true, Certificate with { DnsName = "" }),
        ["certificate by two names"] = ("certificate", true, Certificate with { Uri = "spiffe://a" }),
        ["any host"] = ("certificate.dns_name", false, Certificate with { DnsName = "*.example" }),
        ["short digest of a key"] = ("certificate.spki_sha256", false, new CertificateCondition { SpkiSha256 = "aa" }),
    };

    public static TheoryData<string> FaultCases => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultCases))]
    public void RuleThatCouldMatchTooMuch_IsRefusedWithWhatIsMissing(string name)
    {
        (string field, bool isMissing, IdentityCondition condition) = Faults[name];

        RuleFault fault = Assert.Single(RuleFaults.Of(new IdentityRule(condition, [Role.Registrar])));

        Assert.Equal((field, isMissing), (fault.Field, fault.IsMissing));
    }

    [Fact]
    public void RulesThatSayEnough_AreTaken()
    {
        IdentityCondition[] conditions =
        [
            GitHub, GitHub with { Ref = "", Environment = "release" }, GitHub with { Ref = "", WorkflowRef = $"o/r/.github/workflows/w.yml@{new string('a', 40)}" },
            GitLab, Account, Claims("sub", "me"), Certificate, new CertificateCondition { SpkiSha256 = new string('a', 64) },
        ];

        Assert.All(conditions, c => Assert.Empty(RuleFaults.Of(new IdentityRule(c, [Role.Registrar]))));
    }

    // What is missing may have been a limit: it is not read as one that nobody set.
    [Fact]
    public void StoredRuleThatLacksAMember_GivesNothing()
    {
        foreach (IdentityCondition condition in new IdentityCondition[] { GitHub, GitLab, Account, Claims("sub", "me"), Certificate })
        {
            JsonObject whole = JsonNode.Parse(RuleCodec.Encode(new IdentityRule(condition, [Role.Reader])))!.AsObject();
            Assert.NotNull(RuleCodec.TryDecode(Bytes(whole)));
            (string kind, JsonNode? members) = whole.Single(m => m.Value is JsonObject);
            foreach (string member in members!.AsObject().Select(m => m.Key).ToList())
            {
                JsonObject cut = whole.DeepClone().AsObject();
                cut[kind]!.AsObject().Remove(member);
                Assert.Null(RuleCodec.TryDecode(Bytes(cut)));
            }
        }

        static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    // Nor is nothing in a list taken for a name.
    [Fact]
    public void StoredRuleWithNothingInAList_GivesNothing()
    {
        JsonObject events = JsonNode.Parse(RuleCodec.Encode(new IdentityRule(GitHub, [Role.Reader])))!.AsObject();
        events["github"]!["event_names"] = new JsonArray("push", null);
        JsonObject claims = JsonNode.Parse(RuleCodec.Encode(new IdentityRule(Claims("sub", "me"), [Role.Reader])))!.AsObject();
        claims["other"]!["claims"]!["team"] = null;

        Assert.All(new[] { events, claims }, rule => Assert.Null(RuleCodec.TryDecode(Encoding.UTF8.GetBytes(rule.ToJsonString()))));
    }

    // Who only reads or verifies may be named more loosely.
    [Fact]
    public void ReadersMayBeNamedByRepositoryOrAccount()
    {
        Assert.Empty(RuleFaults.Of(new IdentityRule(GitHub with { Ref = "" }, [Role.Reader, Role.Verifier])));
        Assert.Empty(RuleFaults.Of(new IdentityRule(Account with { ServiceAccountUid = "" }, [Role.Verifier])));
    }

    [Fact]
    public void Rights_MustMeanSomething()
    {
        Assert.Equal("roles", Assert.Single(RuleFaults.Of(new IdentityRule(GitLab, []))).Field);
        Assert.Equal("id_prefix", Assert.Single(RuleFaults.Of(new IdentityRule(GitLab, [Role.Reader]) { IdPrefix = "a-" })).Field);
        Assert.Equal("id_prefix", Assert.Single(RuleFaults.Of(new IdentityRule(GitLab, [Role.Registrar, Role.Admin]) { IdPrefix = "a-" })).Field);
    }

    [Theory]
    [InlineData(nameof(Role.Verifier), "Verifier")]
    [InlineData(nameof(Role.Reader), "Reader")]
    [InlineData(nameof(Role.Registrar), "Registrar Reader")]
    [InlineData(nameof(Role.Approver), "Approver Reader")]
    [InlineData(nameof(Role.Admin), "Verifier Reader Registrar Approver Admin")]
    public void T107_Role_ImpliesThese(string held, string implied)
    {
        IEnumerable<Role> all = Enum.GetValues<Role>().Where(r => r != Role.None);

        Assert.Equal(implied.Split(' ').Order(), all.Where(wanted => Enum.Parse<Role>(held).Implies(wanted)).Select(r => r.ToString()).Order());
    }

    [Theory]
    [InlineData("team-a-1", true)]
    [InlineData("team-b-1", false)]
    [InlineData("team-a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void T68_PrefixOfARule_BoundsItsRegistrar(string? id, bool isAllowed)
    {
        Grant grant = new(Role.Registrar, "team-a-");

        Assert.Equal(isAllowed, grant.Allows(Role.Registrar, id));
        Assert.True(grant.Allows(Role.Reader, id));
        Assert.False(grant.Allows(Role.Approver, id));
    }

    [Fact]
    public void Rule_GrantsNothingToOthers()
    {
        IdentityRule rule = new(Certificate, [Role.Registrar, Role.Verifier]) { IdPrefix = "a-" };

        Assert.Empty(rule.Grants(Caller.Anonymous.Instance));
        Assert.Empty(rule.Grants(new Caller.Certificate(new CertificateIdentity([], ["other.example"], ""))));
        Assert.Equal(
            [new Grant(Role.Registrar, "a-"), new Grant(Role.Verifier, "")],
            rule.Grants(new Caller.Certificate(new CertificateIdentity([], ["ci.example"], ""))));
    }

    private static ClaimsCondition Claims(string name, string value) => new() { Issuer = "https://i", Claims = new Dictionary<string, string> { [name] = value } };
}
