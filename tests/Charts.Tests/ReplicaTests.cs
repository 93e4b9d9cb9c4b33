using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>More than one pod: spread, kept when nodes go, and as many as the load needs.</summary>
public sealed class ReplicaTests
{
    [Theory]
    [InlineData("managed-redis", "topology.kubernetes.io/zone kubernetes.io/hostname")]
    [InlineData("autoscaling", "topology.kubernetes.io/zone kubernetes.io/hostname")]
    [InlineData("redis-replicas", "kubernetes.io/hostname")]
    [InlineData("minimal", "")]
    public void Pods_AreSpread(string name, string keys) =>
        Assert.Equal(keys, string.Join(' ', (Manifests.Render(name).Pod.TopologySpreadConstraints ?? []).Select(c => c.TopologyKey)));

    [Theory]
    [InlineData("redis-replicas", "", "1")]
    [InlineData("redis-cluster", "50%", "")]
    public void Budget_KeepsPods(string name, string least, string most)
    {
        V1PodDisruptionBudgetSpec budget = Manifests.Render(name).Single<V1PodDisruptionBudget>().Spec;
        Assert.Equal((least, most, "AlwaysAllow"), (budget.MinAvailable?.Value ?? "", budget.MaxUnavailable?.Value ?? "", budget.UnhealthyPodEvictionPolicy));
    }

    // A budget for a single pod would only hold up whoever drains its node.
    [Theory]
    [InlineData("minimal")]
    [InlineData("redis-plain")]
    [InlineData("gitops")]
    public void Budget_IsLeftOut(string name) => Assert.Empty(Manifests.Render(name).All<V1PodDisruptionBudget>());

    // Helm applies on the server's side: two objects must not own the same field.
    [Fact]
    public void Autoscaler_AloneSetsTheNumber()
    {
        Manifests manifests = Manifests.Render("autoscaling");
        V2HorizontalPodAutoscalerSpec spec = manifests.Single<V2HorizontalPodAutoscaler>().Spec;

        Assert.Null(manifests.Deployment.Spec.Replicas);
        Assert.Equal(("Deployment", manifests.Deployment.Metadata.Name), (spec.ScaleTargetRef.Kind, spec.ScaleTargetRef.Name));
        Assert.Equal((3, 12, 600), (spec.MinReplicas, spec.MaxReplicas, spec.Behavior.ScaleDown.StabilizationWindowSeconds));
        V2MetricSpec cpu = Assert.Single(spec.Metrics, m => m.Type == "Resource");
        Assert.Equal(("cpu", 60), (cpu.Resource.Name, cpu.Resource.Target.AverageUtilization));
        Assert.Equal(1, Manifests.Render("minimal").Deployment.Spec.Replicas);
        Assert.Empty(Manifests.Render("minimal").All<V2HorizontalPodAutoscaler>());
    }

    // The service itself waits and drains; there is no shell in its image, and a hook would only add to the time.
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Draining_NeedsNoHook(string name) => Assert.Null(Manifests.Render(name).Container.Lifecycle);

    [Fact]
    public void OlderCluster_IsNotAskedForWhatItDoesNotKnow() => Assert.DoesNotContain(
        "unhealthyPodEvictionPolicy",
        Helm.Run("template", "release", Helm.Chart, "--kube-version", "1.26.0", "--values", ValueSets.GoodFile("redis-replicas")).Succeeded(),
        StringComparison.Ordinal);
}
