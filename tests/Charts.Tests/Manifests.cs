using k8s;
using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>What the chart renders for one file of values, read strictly: an unknown field or a wrong type fails.</summary>
internal sealed class Manifests
{
    private readonly IReadOnlyList<object> _objects;

    private Manifests(IReadOnlyList<object> objects) => _objects = objects;

    public V1Deployment Deployment => Single<V1Deployment>();

    public V1PodSpec Pod => Deployment.Spec.Template.Spec;

    public V1Container Container => Assert.Single(Pod.Containers);

    public IDictionary<string, string> Settings => Single<V1ConfigMap>().Data;

    public static Manifests Render(string name) => Parse(Helm.Template(ValueSets.GoodFile(name)).Succeeded());

    public static Manifests Parse(string yaml) => new([.. KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true)]);

    public IEnumerable<string> Kinds => _objects.OfType<IKubernetesObject>().Select(o => o.Kind).Order(StringComparer.Ordinal);

    public IEnumerable<V1ObjectMeta> Metadata => _objects.OfType<IKubernetesObject<V1ObjectMeta>>().Select(o => o.Metadata);

    public T Single<T>() => Assert.Single(_objects.OfType<T>());

    public T? SingleOrNone<T>()
        where T : class => _objects.OfType<T>().SingleOrDefault();
}
