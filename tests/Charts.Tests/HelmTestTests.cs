using System.Text.RegularExpressions;
using k8s.Models;
using Verifier.TestKit;

namespace Verifier.Charts.Tests;

/// <summary>What helm test runs; that it finds what it looks for is tried by the end-to-end tests, with the same script.</summary>
public sealed partial class HelmTestTests
{
    private static readonly string Script = File.ReadAllText(RepositoryRoot.Combine("ci", "helm-test.sh"));

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Hooks_AreMadeByTheTestAlone(string name)
    {
        Manifests manifests = Manifests.Render(name);
        V1ObjectMeta[] hooks = [.. manifests.Metadata.Where(m => m.Annotations?.ContainsKey("helm.sh/hook") == true)];

        Assert.All(hooks, h => Assert.Equal("test", h.Annotations["helm.sh/hook"]));
        Assert.Equal(name == "air-gapped" ? 0 : 2, hooks.Length);
        Assert.All(manifests.All<V1Pod>(), p => Assert.Equal("Never", p.Spec.RestartPolicy));
    }

    [Fact]
    public void Pod_GivesTheScriptEveryVariable()
    {
        string[] wanted = [.. Variable().Matches(Script).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal)];
        string[] given = [.. Manifests.Render("minimal").Single<V1Pod>().Spec.Containers[0].Env.Select(e => e.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(wanted, given);
    }

    [Fact]
    public void Sample_IsThatOfTheRepository_AndAllThatTheScriptReads()
    {
        IDictionary<string, byte[]> files = Manifests.Render("minimal").Named<V1ConfigMap>("release-verifier-test").BinaryData;

        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(RepositoryRoot.Combine("samples", f.Key)), f.Value));
        Assert.Equal(SampleFile().Matches(Script).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            File.ReadAllText(RepositoryRoot.Combine("samples", "root.pem")),
            Manifests.Render("trial-redis").Named<V1ConfigMap>("release-verifier-sample-root").Data["root.pem"]);
    }

    // A token in the clear would be refused, and would have to be taken for stolen.
    [Theory]
    [InlineData("minimal", "/etc/verifier/admin/token", "https://release-verifier.trust.svc:7443", "false")]
    [InlineData("unsafe-trial", "", "http://release-verifier.trust.svc:7443", "false")]
    [InlineData("identities", "", "https://release-verifier.trust.svc:7443", "false")]
    [InlineData("trial-redis", "/etc/verifier/admin/token", "https://release-verifier.trust.svc:7443", "true")]
    public void Environment_FitsTheInstallation(string name, string token, string server, string trusts)
    {
        Dictionary<string, string> environment = Manifests.Render(name).Single<V1Pod>().Spec.Containers[0].Env.ToDictionary(e => e.Name, e => e.Value);
        Assert.Equal((token, server, trusts), (environment["VERIFIER_TOKEN_FILE"] ?? "", environment["VERIFIER_SERVER"], environment["VERIFIER_TRUSTS_SAMPLE"]));
    }

    // Trusting another root than AMD's is never a side effect.
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void RootOfTheSample_IsTrustedOnlyWhereItIsSaid(string name) => Assert.Equal(
        File.ReadAllText(ValueSets.GoodFile(name)).Contains("unsafeTrustSampleRoot: true", StringComparison.Ordinal),
        Manifests.Render(name).Settings.Keys.Any(k => k.StartsWith("Trust__", StringComparison.Ordinal)));

    [GeneratedRegex("VERIFIER_[A-Z_]+[A-Z]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"VERIFIER_SAMPLE/([-.a-z]+)")]
    private static partial Regex SampleFile();
}
