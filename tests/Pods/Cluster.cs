using k8s;
using k8s.Models;

namespace Verifier.Pods;

/// <summary>
/// What a cluster would hold, in a folder: Secrets and ConfigMaps as folders with a file for each key, so that a change is seen by who mounts
/// them; releases as the manifests that helm rendered; pods as folders of their own.
/// </summary>
internal sealed class Cluster(string folder)
{
    public string SecretFolder(string ns, string name) => Path.Combine(folder, ns, "secrets", name);

    public string ConfigMapFolder(string ns, string name) => Path.Combine(folder, ns, "configmaps", name);

    public string ClaimFolder(string ns, string name) => Directory.CreateDirectory(Path.Combine(folder, ns, "claims", name)).FullName;

    public string ReleaseFile(string ns, string name) => Path.Combine(folder, ns, "releases", $"{name}.yaml");

    public string PodsFolder(string ns) => Directory.CreateDirectory(Path.Combine(folder, ns, "pods")).FullName;

    /// <summary>A loopback address that no pod had before.</summary>
    public string NextAddress()
    {
        string file = Path.Combine(folder, "addresses");
        int last = File.Exists(file) ? int.Parse(File.ReadAllText(file), System.Globalization.CultureInfo.InvariantCulture) : 10;
        File.WriteAllText(file, $"{last + 1}");
        return $"127.0.1.{last + 1}";
    }

    public void Apply(string ns, V1Secret secret)
    {
        Dictionary<string, byte[]> files = new(secret.Data ?? new Dictionary<string, byte[]>());
        foreach ((string key, string text) in secret.StringData ?? new Dictionary<string, string>())
        {
            files[key] = System.Text.Encoding.UTF8.GetBytes(text);
        }

        Write(SecretFolder(ns, secret.Metadata.Name), files);
    }

    public void Apply(string ns, V1ConfigMap map)
    {
        Dictionary<string, byte[]> files = new(map.BinaryData ?? new Dictionary<string, byte[]>());
        foreach ((string key, string text) in map.Data ?? new Dictionary<string, string>())
        {
            files[key] = System.Text.Encoding.UTF8.GetBytes(text);
        }

        Write(ConfigMapFolder(ns, map.Metadata.Name), files);
    }

    public static IReadOnlyDictionary<string, byte[]> Read(string folder, string what) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).ToDictionary(f => Path.GetFileName(f)!, File.ReadAllBytes)
        : throw new StandInException($"{what} \"{Path.GetFileName(folder)}\" not found");

    public static IReadOnlyList<object> Load(string yaml)
    {
        Dictionary<string, Type> known = new()
        {
            ["v1/Secret"] = typeof(V1Secret),
            ["v1/ConfigMap"] = typeof(V1ConfigMap),
            ["v1/Service"] = typeof(V1Service),
            ["v1/Pod"] = typeof(V1Pod),
            ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
            ["apps/v1/Deployment"] = typeof(V1Deployment),
        };

        // What runs nothing here, such as policies and monitors, is the chart tests' business.
        IEnumerable<string> documents = yaml.Split("\n---", StringSplitOptions.RemoveEmptyEntries).Where(d => known.Keys.Any(k => Is(d, k)));
        return [.. documents.SelectMany(d => KubernetesYaml.LoadAllFromString(d, known, strict: true))];
    }

    private static bool Is(string document, string type)
    {
        int slash = type.LastIndexOf('/');
        string[] lines = document.Split('\n');
        return lines.Contains($"apiVersion: {type[..slash]}") && lines.Contains($"kind: {type[(slash + 1)..]}");
    }

    // New files beside the old ones, then renamed: who reads meanwhile reads one or the other.
    private static void Write(string folder, Dictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(folder);
        foreach ((string key, byte[] content) in files)
        {
            string fresh = Path.Combine(folder, $"..{key}");
            File.WriteAllBytes(fresh, content);
            File.Move(fresh, Path.Combine(folder, key), overwrite: true);
        }

        foreach (string gone in Directory.EnumerateFiles(folder).Where(f => !files.ContainsKey(Path.GetFileName(f))))
        {
            File.Delete(gone);
        }
    }

}
