using System.Text.Json.Nodes;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>Rules for service accounts, for any other issuer and for client certificates.</summary>
public sealed class OtherConditionTests
{
    private const string Uid = "5f0c6b1e-5b8a-4a3c-8a55-0c2f4f8f9d10";

    private static readonly Dictionary<string, (bool Matches, Func<TokenDraft, TokenDraft> Change)> Accounts = new()
    {
        ["as it is"] = (true, t => t),
        ["another pod"] = (true, t => Nested(t, "pod", "name", "build-2")),
        ["another account"] = (false, t => Nested(t, "serviceaccount", "name", "default").With("sub", "system:serviceaccount:ci:default")),
        ["account made later under the name"] = (false, t => Nested(t, "serviceaccount", "uid", "11111111-1111-4111-8111-111111111111")),
        ["no uid"] = (false, t => Nested(t, "serviceaccount", "uid", null)),
        ["subject of another account"] = (false, t => t.With("sub", "system:serviceaccount:ci:default")),
        ["no bound object"] = (false, t => t.Without("kubernetes.io")),
        ["legacy claims"] = (false, t => t.Without("kubernetes.io").With("kubernetes.io/serviceaccount/namespace", "ci").With("kubernetes.io/serviceaccount/service-account.name", "registrar")),
    };

    public static TheoryData<string> AccountCases => [.. Accounts.Keys];

    [Theory]
    [MemberData(nameof(AccountCases))]
    public async Task T68_ServiceAccount_IsItselfOnly(string how) => Assert.Equal(Accounts[how].Matches, await ConditionCase.MatchesAsync(
        IssuerKind.Kubernetes,
        i => Accounts[how].Change(i.KubernetesToken()),
        i => new KubernetesCondition { Issuer = i.Name, Namespace = "ci", ServiceAccount = "registrar", ServiceAccountUid = Uid }));

    [Fact]
    public async Task ServiceAccountOfAnotherNamespace_DoesNotMatch() => Assert.False(await ConditionCase.MatchesAsync(
        IssuerKind.Kubernetes, i => i.KubernetesToken(), i => new KubernetesCondition { Issuer = i.Name, Namespace = "prod", ServiceAccount = "registrar" }));

    [Theory]
    [InlineData("team", "security", true)]
    [InlineData("team", "Security", false)]
    [InlineData("team", "secur*", false)]
    [InlineData("level", "3", true)]
    [InlineData("level", "3.0", false)]
    [InlineData("groups", "admins", false)]
    [InlineData("absent", "", false)]
    public async Task Claims_AreCompared(string claim, string value, bool matches) => Assert.Equal(matches, await ConditionCase.MatchesAsync(
        IssuerKind.Other,
        i => i.Token("me").With("team", "security").With("level", 3).With("groups", new JsonArray("admins")),
        i => new ClaimsCondition { Issuer = i.Name, Claims = new Dictionary<string, string> { ["sub"] = "me", [claim] = value } }));

    [Fact]
    public async Task NoClaims_MatchNobody() =>
        Assert.False(await ConditionCase.MatchesAsync(IssuerKind.Other, i => i.Token(), i => new ClaimsCondition { Issuer = i.Name }));

    [Theory]
    [InlineData("spiffe://cluster/ns/a/sa/b", "", "", true)]
    [InlineData("spiffe://cluster/ns/a/sa/", "", "", false)]
    [InlineData("SPIFFE://cluster/ns/a/sa/b", "", "", false)]
    [InlineData("", "ci.example", "", true)]
    [InlineData("", "*.example", "", false)]
    [InlineData("", "evil.example", "", false)]
    [InlineData("", "", "aa", true)]
    [InlineData("", "", "ab", false)]
    [InlineData("", "", "", false)]
    [InlineData("spiffe://cluster/ns/a/sa/b", "", "ab", false)]
    public void Certificate_IsMatchedByNameOrKey(string uri, string dnsName, string key, bool matches)
    {
        Caller caller = new Caller.Certificate(new CertificateIdentity(["spiffe://cluster/ns/a/sa/b"], ["ci.example"], "aa"));

        Assert.Equal(matches, new CertificateCondition { Uri = uri, DnsName = dnsName, SpkiSha256 = key }.Matches(caller));
    }

    [Fact]
    public async Task Kinds_AreNotMixed()
    {
        await using TokenBench bench = await TokenBench.StartAsync(IssuerKind.GitHub);
        Caller token = await bench.CallerAsync(bench.Issuer.Token("me"));

        Assert.False(new CertificateCondition { Uri = "me" }.Matches(token));
        Assert.False(new ClaimsCondition { Issuer = bench.Issuer.Name, Claims = new Dictionary<string, string> { ["sub"] = "me" } }.Matches(token));
        Assert.False(new ClaimsCondition { Issuer = bench.Issuer.Name, Claims = new Dictionary<string, string> { ["sub"] = "me" } }.Matches(Caller.Anonymous.Instance));
        Assert.False(new CertificateCondition { SpkiSha256 = "aa" }.Matches(new Caller.Administrator("aa")));
    }

    private static TokenDraft Nested(TokenDraft token, string of, string name, string? value)
    {
        JsonObject bound = new()
        {
            ["namespace"] = "ci",
            ["serviceaccount"] = new JsonObject { ["name"] = "registrar", ["uid"] = Uid },
            ["pod"] = new JsonObject { ["name"] = "build-1" },
        };
        bound[of]![name] = value;
        return token.With("kubernetes.io", bound);
    }
}
