using k8s.Models;

namespace Verifier.Pods;

/// <summary>
/// What one container finds: its environment, with secrets and ConfigMaps at their mounts. A process of this machine has no file system of its
/// own, so paths of mounts are turned into paths below a folder; and no network of its own, so it gets a loopback address.
/// </summary>
internal sealed class PodSandbox
{
    private readonly List<(string Mount, string Here)> _mounts = [];

    public PodSandbox(Cluster cluster, string ns, V1PodSpec pod, string folder)
    {
        string root = Path.Combine(folder, "root");
        V1Container container = pod.Containers.Single();
        foreach (V1VolumeMount mount in container.VolumeMounts ?? [])
        {
            V1Volume volume = pod.Volumes.SingleOrDefault(v => v.Name == mount.Name) ?? throw new StandInException($"no volume is named {mount.Name}");
            string here = Path.Combine(root, mount.MountPath.TrimStart('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(here)!);
            Mount(cluster, ns, volume, here);
            _mounts.Add((mount.MountPath, here));
        }

        foreach (V1EnvFromSource source in container.EnvFrom ?? [])
        {
            foreach ((string key, byte[] value) in Cluster.Read(cluster.ConfigMapFolder(ns, source.ConfigMapRef.Name), "configmaps"))
            {
                Environment[key] = Here(System.Text.Encoding.UTF8.GetString(value));
            }
        }

        foreach (V1EnvVar variable in container.Env ?? [])
        {
            Environment[variable.Name] = Here(variable.Value ?? (variable.ValueFrom is null ? "" : throw new StandInException($"{variable.Name}: valueFrom is not known here")));
        }

        Environment["TMPDIR"] = Here("/tmp");
        Command = [.. (container.Command ?? []).Concat(container.Args ?? []).Select(Here)];
    }

    public Dictionary<string, string> Environment { get; } = [];

    public IReadOnlyList<string> Command { get; }

    private string Here(string value)
    {
        (string Mount, string Here)? mount = _mounts.Where(m => value == m.Mount || value.StartsWith($"{m.Mount}/", StringComparison.Ordinal))
            .OrderByDescending(m => m.Mount.Length).Cast<(string, string)?>().FirstOrDefault();
        return mount is { } found ? found.Here + value[found.Mount.Length..] : value;
    }

    private static void Mount(Cluster cluster, string ns, V1Volume volume, string here)
    {
        switch (volume)
        {
            case { Secret: { } secret }:
                Link(cluster.SecretFolder(ns, secret.SecretName), "secrets", secret.Items, here);
                break;
            case { ConfigMap: { } map }:
                Link(cluster.ConfigMapFolder(ns, map.Name), "configmaps", map.Items, here);
                break;
            case { PersistentVolumeClaim: { } claim }:
                Directory.CreateSymbolicLink(here, cluster.ClaimFolder(ns, claim.ClaimName));
                break;
            case { EmptyDir: not null }:
                Directory.CreateDirectory(here);
                break;
            default:
                throw new StandInException($"the volume {volume.Name} is of a kind that is not known here");
        }
    }

    // Links, so that a renewed secret is seen as it is in a pod.
    private static void Link(string from, string what, IList<V1KeyToPath>? items, string here)
    {
        IReadOnlyDictionary<string, byte[]> keys = Cluster.Read(from, what);
        if (items is not { Count: > 0 })
        {
            Directory.CreateSymbolicLink(here, from);
            return;
        }

        Directory.CreateDirectory(here);
        foreach (V1KeyToPath item in items)
        {
            if (!keys.ContainsKey(item.Key))
            {
                throw new StandInException($"{what} \"{Path.GetFileName(from)}\" has no key {item.Key}");
            }

            File.CreateSymbolicLink(Path.Combine(here, item.Path), Path.Combine(from, item.Key));
        }
    }
}
