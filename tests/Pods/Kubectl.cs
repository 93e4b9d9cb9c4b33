using System.Globalization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Verifier.Pods;

/// <summary>kubectl, as far as the pages use it.</summary>
internal sealed partial class Kubectl(Cluster cluster)
{
    public Task RunAsync(Arguments a) => a.Words switch
    {
        ["create", "namespace", _] => Task.CompletedTask,
        ["create", "secret", "generic", var name] => Create(a, new V1Secret { Metadata = new() { Name = name }, Data = Files(a) }),
        ["create", "secret", "tls", var name] => CreateTls(a, name),
        ["create", "configmap", var name] => Create(a, new V1ConfigMap { Metadata = new() { Name = name }, BinaryData = Files(a) }),
        ["apply"] when a["--values"] == "-" => Apply(a),
        ["get", "secret", var name] => GetSecret(a, name),
        ["get", "pods"] => GetPodsAsync(a),
        ["rollout", "status", var what] => StatusAsync(a, Name(what, "deployment")),
        ["rollout", "restart", var what] => OfDeployment(a, Name(what, "deployment")).RollAsync(),
        ["port-forward", var what, var ports] => ForwardAsync(a, Name(what, "service"), ports),
        ["logs", var what] => LogsAsync(a, Name(what, "deployment")),
        _ => throw new StandInException($"this stand-in does not know kubectl {string.Join(' ', a.Words)}"),
    };

    private Task Create(Arguments a, IKubernetesObject<V1ObjectMeta> made)
    {
        a.DemandOnly("--from-file", "--from-literal", "--cert", "--key", "--dry-run", "--output");
        if (a["--dry-run"] is { } dry)
        {
            Console.WriteLine(dry == "client" && a["--output"] == "yaml" ? WithKind(made) : throw new StandInException("--dry-run=client -o yaml"));
            return Task.CompletedTask;
        }

        Keep(a.Namespace, made, isNew: true);
        return Task.CompletedTask;
    }

    private Task CreateTls(Arguments a, string name) => Create(a, new V1Secret
    {
        Metadata = new() { Name = name },
        Type = "kubernetes.io/tls",
        Data = new Dictionary<string, byte[]> { ["tls.crt"] = ReadFile(a["--cert"]), ["tls.key"] = ReadFile(a["--key"]) },
    });

    private Task Apply(Arguments a)
    {
        a.DemandOnly("--values");
        foreach (object read in Cluster.Load(Console.In.ReadToEnd()))
        {
            Keep(a.Namespace, (IKubernetesObject<V1ObjectMeta>)read, isNew: false);
        }

        return Task.CompletedTask;
    }

    private void Keep(string ns, IKubernetesObject<V1ObjectMeta> made, bool isNew)
    {
        (string folder, string kind) = made is V1Secret
            ? (cluster.SecretFolder(ns, made.Metadata.Name), "secret")
            : (cluster.ConfigMapFolder(ns, made.Metadata.Name), "configmap");
        if (isNew && Directory.Exists(folder))
        {
            throw new StandInException($"{kind}s \"{made.Metadata.Name}\" already exists");
        }

        if (made is V1Secret secret)
        {
            cluster.Apply(ns, secret);
        }
        else
        {
            cluster.Apply(ns, (V1ConfigMap)made);
        }

        Console.WriteLine($"{kind}/{made.Metadata.Name} {(isNew ? "created" : "configured")}");
    }

    private static string WithKind(IKubernetesObject<V1ObjectMeta> made)
    {
        (made.ApiVersion, made.Kind) = ("v1", made is V1Secret ? "Secret" : "ConfigMap");
        return KubernetesYaml.Serialize(made);
    }

    private static Dictionary<string, byte[]> Files(Arguments a)
    {
        Dictionary<string, byte[]> files = [];
        foreach (string file in a.All("--from-file"))
        {
            string[] parts = file.Split('=', 2);
            files[parts.Length == 2 ? parts[0] : Path.GetFileName(file)] = ReadFile(parts[^1]);
        }

        foreach (string literal in a.All("--from-literal"))
        {
            string[] parts = literal.Split('=', 2);
            files[parts[0]] = System.Text.Encoding.UTF8.GetBytes(parts[1]);
        }

        return files;
    }

    private static byte[] ReadFile(string? path) => path is not null && File.Exists(path) ? File.ReadAllBytes(path) : throw new StandInException($"there is no file {path}");

    private Task GetSecret(Arguments a, string name)
    {
        a.DemandOnly("--output");
        Match key = JsonPath().Match(a["--output"] ?? "");
        IReadOnlyDictionary<string, byte[]> secret = Cluster.Read(cluster.SecretFolder(a.Namespace, name), "secrets");
        Console.Write(key.Success && secret.TryGetValue(key.Groups[1].Value.Replace("\\", "", StringComparison.Ordinal), out byte[]? value)
            ? Convert.ToBase64String(value)
            : throw new StandInException("-o jsonpath={.data.KEY} of a key that is there"));
        return Task.CompletedTask;
    }

    private async Task GetPodsAsync(Arguments a)
    {
        a.DemandOnly();
        Console.WriteLine($"{"NAME",-24}READY   STATUS");
        foreach (Release release in Releases(a.Namespace))
        {
            foreach (PodProcess pod in release.Pods)
            {
                Console.WriteLine($"{pod.Name,-24}{(await pod.IsStillReadyAsync(release.Deployment) ? "1/1" : "0/1")}     Running");
            }
        }
    }

    private async Task StatusAsync(Arguments a, string name)
    {
        a.DemandOnly("--timeout");
        Release release = OfDeployment(a, name);
        PodProcess[] pods = [.. release.Pods];
        foreach (PodProcess pod in pods)
        {
            await pod.WaitReadyAsync(release.Deployment);
        }

        Console.WriteLine(pods.Length == (release.Deployment.Spec.Replicas ?? 1)
            ? $"deployment \"{name}\" successfully rolled out"
            : throw new StandInException($"{pods.Length} of {release.Deployment.Spec.Replicas} pods run"));
    }

    private async Task ForwardAsync(Arguments a, string service, string ports)
    {
        a.DemandOnly();
        Release release = Releases(a.Namespace).Single(r => r.Service.Metadata.Name == service);
        int[] both = [.. ports.Split(':').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        using Forwarder forwarder = new(both[0], release.Pods.First().Address, Release.TargetPort(release, both[^1]));
        Console.WriteLine($"Forwarding from 127.0.0.1:{both[0]} -> {both[^1]}");
        await forwarder.Running;
    }

    private Task LogsAsync(Arguments a, string name)
    {
        a.DemandOnly();
        Console.Write(OfDeployment(a, name).Pods.First().Log);
        return Task.CompletedTask;
    }

    private Release OfDeployment(Arguments a, string name) =>
        Releases(a.Namespace).SingleOrDefault(r => r.Deployment.Metadata.Name == name) ?? throw new StandInException($"deployments.apps \"{name}\" not found");

    private IEnumerable<Release> Releases(string ns) => Directory.Exists(Path.GetDirectoryName(cluster.ReleaseFile(ns, "x")))
        ? Directory.EnumerateFiles(Path.GetDirectoryName(cluster.ReleaseFile(ns, "x"))!).Select(f => Release.Read(cluster, ns, Path.GetFileNameWithoutExtension(f)))
        : [];

    private static string Name(string what, string kind) =>
        what.Split('/') is [var k, var name] && k == kind ? name : throw new StandInException($"{what}: write {kind}/NAME");

    [GeneratedRegex(@"^jsonpath=\{\.data\.(.+)\}$")]
    private static partial Regex JsonPath();
}
