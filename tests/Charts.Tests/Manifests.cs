using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>What the chart renders for one file of values, read strictly: an unknown field or a wrong type fails.</summary>
internal sealed class Manifests
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Rendered = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<object> _objects;

    private Manifests(IReadOnlyList<object> objects) => _objects = objects;

    public V1Deployment Deployment => Single<V1Deployment>();

    public V1PodSpec Pod => Deployment.Spec.Template.Spec;

    public V1Container Container => Assert.Single(Pod.Containers);

    /// <summary>The service that callers use; the headless one and others have longer names.</summary>
    public V1Service Service => Named<V1Service>(Deployment.Metadata.Name);

    public IDictionary<string, string> Settings => Named<V1ConfigMap>(Deployment.Metadata.Name).Data;

    /// <summary>Pods of every kind: the service's, those of helm test, and that of the Redis for trying out.</summary>
    public IReadOnlyList<V1PodSpec> PodSpecs =>
    [
        Pod,
        .. All<V1StatefulSet>().Select(s => WithClaims(s.Spec)),
        .. All<V1Pod>().Select(p => p.Spec),
    ];

    /// <summary>The labels of those pods, in the same order.</summary>
    public IReadOnlyList<IDictionary<string, string>> PodLabels =>
    [
        Deployment.Spec.Template.Metadata.Labels,
        .. All<V1StatefulSet>().Select(s => s.Spec.Template.Metadata.Labels),
        .. All<V1Pod>().Select(p => p.Metadata.Labels),
    ];

    public IEnumerable<string> Kinds => _objects.OfType<IKubernetesObject>().Select(o => o.Kind).Order(StringComparer.Ordinal);

    public IEnumerable<V1ObjectMeta> Metadata => _objects.OfType<IKubernetesObject<V1ObjectMeta>>().Select(o => o.Metadata);

    public IEnumerable<object> Objects => _objects;

    /// <summary>The text, rendered once for all tests.</summary>
    public static string Text(string name) => Rendered.GetOrAdd(name, n => new(() => TextAnew(n))).Value;

    public static Manifests Render(string name) => Parse(Text(name));

    /// <summary>Rendered once more, for what must not be the same twice.</summary>
    public static Manifests RenderAnew(string name) => Parse(TextAnew(name));

    public static Manifests Parse(string yaml) => new([.. KubernetesYaml.LoadAllFromString(yaml, CustomResources.Types, strict: true)]);

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    public T Single<T>() => Assert.Single(_objects.OfType<T>());

    public T Named<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(_objects.OfType<T>(), o => o.Metadata.Name == name);

    private static string TextAnew(string name) => Helm.Template(ValueSets.GoodFile(name), [.. CustomResources.Types.Keys]).Succeeded();

    // The claims of a stateful set become volumes of its pods.
    private static V1PodSpec WithClaims(V1StatefulSetSpec set)
    {
        set.Template.Spec.Volumes =
        [
            .. set.Template.Spec.Volumes,
            .. set.VolumeClaimTemplates.Select(c => new V1Volume { Name = c.Metadata.Name, PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = c.Metadata.Name } }),
        ];
        return set.Template.Spec;
    }
}
