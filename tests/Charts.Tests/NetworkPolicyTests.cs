using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>Pods are reached by whom they serve and reach what they need; everything else is cut off.</summary>
public sealed class NetworkPolicyTests
{
    private static V1NetworkPolicySpec Strict => Manifests.Render("network-policy").Named<V1NetworkPolicy>("release-verifier").Spec;

    [Fact]
    public void BothDirections_AreClosedButForRules() => Assert.Equal(["Ingress", "Egress"], Strict.PolicyTypes);

    [Fact]
    public void WaysIn_AreCallersProbesAndRelyingParties()
    {
        Assert.Equal(["7443", "7444", "7445", ""], Strict.Ingress.Select(r => Ports(r.Ports)));
        Assert.Equal(
            ["keys key-broker, release verifier-test", "192.0.2.0/24", "10.0.0.0/8", "198.51.100.7/32"],
            Strict.Ingress.Select(r => Peers(r.FromProperty)));
    }

    [Fact]
    public void WaysOut_AreTheAddressesOfTheValues()
    {
        Assert.Equal(["53 53", "6379 6380", "3128", "443 6443 3128", "4317", "6443"], Strict.Egress.Select(r => Ports(r.Ports)));
        Assert.Equal(
            ["kube-system kube-dns", "data", "egress proxy", "203.0.113.0/24", "monitoring", "192.0.2.1/32"],
            Strict.Egress.Select(r => Peers(r.To)));
    }

    // Whatever the pod listens at has its rule, and nothing else has one.
    [Theory]
    [InlineData("network-policy")]
    [InlineData("trial-redis")]
    public void PortsThatAreOpen_AreThoseOfTheContainer(string name)
    {
        Manifests manifests = Manifests.Render(name);
        Assert.Equal(
            manifests.Container.Ports.Select(p => p.ContainerPort.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal),
            manifests.Named<V1NetworkPolicy>("release-verifier").Spec.Ingress.Select(r => Ports(r.Ports)).Where(p => p.Length > 0).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void CallersByWeb_AreLetInAsOthersAre() =>
        Assert.Equal("7443 9443", Ports(Manifests.Render("web-and-tokens").Single<V1NetworkPolicy>().Spec.Ingress[0].Ports));

    [Fact]
    public void TrialRedis_IsReachedByTheServiceAlone_AndReachesNobody()
    {
        Manifests manifests = Manifests.Render("trial-redis");
        V1NetworkPolicySpec redis = manifests.Named<V1NetworkPolicy>("release-verifier-redis").Spec;

        Assert.Equal("release verifier", Peers(Assert.Single(redis.Ingress).FromProperty));
        Assert.Empty(redis.Egress);
        Assert.Equal(["Ingress", "Egress"], redis.PolicyTypes);
        Assert.Equal("release verifier-redis", Peers(manifests.Named<V1NetworkPolicy>("release-verifier").Spec.Egress.Single(r => Ports(r.Ports) == "6379").To));
    }

    [Fact]
    public void ServersThatSentinelsName_AreReached() =>
        Assert.Contains(Manifests.Render("redis-sentinel").Single<V1NetworkPolicy>().Spec.Egress, r => Ports(r.Ports) == "26379 6379" && Peers(r.To) == "data");

    // Without peers a way out is open to any address: said by leaving them out, which every plug-in reads alike.
    [Fact]
    public void NoPeers_AreLeftOut()
    {
        V1NetworkPolicySpec open = Manifests.Render("trial-redis").Named<V1NetworkPolicy>("release-verifier").Spec;
        Assert.Null(open.Egress.Single(r => Ports(r.Ports) == "443").To);
        Assert.All(open.Egress.Where(r => r.To is not null), r => Assert.NotEmpty(r.To));
        Assert.All(open.Ingress.Where(r => r.FromProperty is not null), r => Assert.NotEmpty(r.FromProperty));
    }

    [Fact]
    public void Offline_HasNoWayToTheKeyService()
    {
        string yaml = Helm.Run("template", "release", Helm.Chart, "--values", ValueSets.GoodFile("air-gapped"), "--set", "networkPolicy.enabled=true").Succeeded();
        Assert.Equal(["53 53"], Manifests.Parse(yaml).Single<V1NetworkPolicy>().Spec.Egress.Select(r => Ports(r.Ports)));
    }

    private static string Ports(IList<V1NetworkPolicyPort>? ports) => string.Join(' ', (ports ?? []).Select(p => p.Port.Value));

    private static string Peers(IList<V1NetworkPolicyPeer> peers) => string.Join(", ", peers.Select(p => p.IpBlock?.Cidr ?? Labels(p)));

    private static string Labels(V1NetworkPolicyPeer peer) =>
        string.Join(' ', (peer.NamespaceSelector?.MatchLabels ?? new Dictionary<string, string>()).Concat((peer.PodSelector?.MatchLabels ?? new Dictionary<string, string>()).OrderBy(l => l.Key, StringComparer.Ordinal)).Select(l => l.Value));
}
