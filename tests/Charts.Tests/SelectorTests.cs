using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>Whoever selects pods selects the right ones, all of them and no others.</summary>
public sealed class SelectorTests
{
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Objects_CarryTheCommonLabels(string name) => Assert.All(Manifests.Render(name).Metadata, m =>
    {
        Assert.Matches("^verifier(-redis|-test)?$", m.Labels["app.kubernetes.io/name"]);
        Assert.Equal("release", m.Labels["app.kubernetes.io/instance"]);
        Assert.Equal("Helm", m.Labels["app.kubernetes.io/managed-by"]);
        Assert.Equal("verifier", m.Labels["app.kubernetes.io/part-of"]);
    });

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Selectors_FindExactlyTheirPods(string name)
    {
        Manifests manifests = Manifests.Render(name);

        Assert.NotEmpty(Selectors(manifests));
        Assert.All(Selectors(manifests), s => Assert.Equal(
            [s.Wanted],
            manifests.PodLabels.Where(l => s.Labels.All(want => l.TryGetValue(want.Key, out string? have) && have == want.Value)).Select(l => l["app.kubernetes.io/name"])));
    }

    // They cannot be changed by an upgrade: neither may hold what changes with one.
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Selectors_HoldWhatNeverChanges(string name) => Assert.All(
        Selectors(Manifests.Render(name)),
        s => Assert.Equal(["app.kubernetes.io/instance", "app.kubernetes.io/name"], s.Labels.Keys.Order(StringComparer.Ordinal)));

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void PortsOfServices_AreOpenInTheirPods(string name)
    {
        Manifests manifests = Manifests.Render(name);
        Assert.All(manifests.All<V1Service>(), service => Assert.All(service.Spec.Ports, port => Assert.Contains(
            manifests.PodLabels.Index().Where(p => service.Spec.Selector.All(s => p.Item[s.Key] == s.Value)).SelectMany(p => manifests.PodSpecs[p.Index].Containers[0].Ports),
            p => p.Name == port.TargetPort.Value)));
    }

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void NamesOfObjects_AreTakenOnce(string name)
    {
        string[] names = [.. Manifests.Render(name).Objects.OfType<k8s.IKubernetesObject<V1ObjectMeta>>().Select(o => $"{o.Kind} {o.Metadata.Name}")];
        Assert.Equal(names.Distinct(), names);
    }

    private static IEnumerable<(string Wanted, IDictionary<string, string> Labels)> Selectors(Manifests manifests)
    {
        string Of(V1ObjectMeta meta) => meta.Labels["app.kubernetes.io/name"];
        V1Deployment deployment = manifests.Deployment;
        return
        [
            (Of(deployment.Metadata), deployment.Spec.Selector.MatchLabels),
            .. manifests.All<V1StatefulSet>().Select(s => (Of(s.Metadata), s.Spec.Selector.MatchLabels)),
            .. manifests.All<V1Service>().Select(s => (Of(s.Metadata), s.Spec.Selector)),
            .. manifests.All<V1PodDisruptionBudget>().Select(b => (Of(b.Metadata), b.Spec.Selector.MatchLabels)),
            .. manifests.All<V1NetworkPolicy>().Select(p => (Of(p.Metadata), p.Spec.PodSelector.MatchLabels)),
            .. (manifests.Pod.TopologySpreadConstraints ?? []).Where(c => c.LabelSelector.MatchLabels.Count == 2).Select(c => (Of(deployment.Metadata), c.LabelSelector.MatchLabels)),
        ];
    }
}
