using k8s.Models;

namespace Verifier.Pods;

/// <summary>The manifests that helm rendered for one release, and the pods that they ask for.</summary>
internal sealed class Release(Cluster cluster, string ns, string yaml)
{
    private readonly IReadOnlyList<object> _objects = Cluster.Load(yaml);

    public V1Deployment Deployment => _objects.OfType<V1Deployment>().Single();

    public V1Service Service => _objects.OfType<V1Service>().First();

    public IEnumerable<V1Pod> Hooks => _objects.OfType<V1Pod>().Where(IsHook);

    private TimeSpan Grace => TimeSpan.FromSeconds(Deployment.Spec.Template.Spec.TerminationGracePeriodSeconds ?? 30);

    public static Release Read(Cluster cluster, string ns, string name) => File.Exists(cluster.ReleaseFile(ns, name))
        ? new Release(cluster, ns, File.ReadAllText(cluster.ReleaseFile(ns, name)))
        : throw new StandInException($"release {name} not found");

    /// <summary>A Secret that is there stays, as helm's look-up would have it; ConfigMaps are as rendered.</summary>
    public void ApplyObjects()
    {
        foreach (V1Secret secret in _objects.OfType<V1Secret>().Where(s => !Directory.Exists(cluster.SecretFolder(ns, s.Metadata.Name))))
        {
            cluster.Apply(ns, secret);
        }

        foreach (V1ConfigMap map in _objects.OfType<V1ConfigMap>())
        {
            cluster.Apply(ns, map);
        }
    }

    public IEnumerable<PodProcess> Pods => PodProcess.All(cluster, ns, Deployment.Metadata.Name);

    /// <summary>One new pod, ready, for each old one, as <c>maxUnavailable: 0</c> and <c>maxSurge: 1</c> have it.</summary>
    public async Task RollAsync()
    {
        Queue<PodProcess> old = new(Pods);
        for (int i = 0; i < (Deployment.Spec.Replicas ?? 1); i++)
        {
            await PodProcess.Start(cluster, ns, Deployment).WaitReadyAsync(Deployment);
            if (old.TryDequeue(out PodProcess? pod))
            {
                await pod.StopAsync(Grace);
            }
        }

        foreach (PodProcess pod in old)
        {
            await pod.StopAsync(Grace);
        }
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(Pods.Select(p => p.StopAsync(Grace)));
    }

    /// <summary>The container's port that a port of the Service leads to.</summary>
    public static int TargetPort(Release release, int port)
    {
        V1ServicePort found = release.Service.Spec.Ports.SingleOrDefault(p => p.Port == port) ?? throw new StandInException($"the service has no port {port}");
        return release.Deployment.Spec.Template.Spec.Containers.Single().Ports.Single(p => p.Name == found.TargetPort.Value || $"{p.ContainerPort}" == found.TargetPort.Value).ContainerPort;
    }

    private static bool IsHook(V1Pod pod) => pod.Metadata.Annotations?.TryGetValue("helm.sh/hook", out string? hook) == true && hook == "test";
}
