using System.Diagnostics;
using k8s.Models;

namespace Verifier.Pods;

/// <summary>helm, with the real one to render.</summary>
internal sealed class Helm(Cluster cluster, string program)
{
    public Task RunAsync(Arguments a) => a.Words switch
    {
        ["install" or "upgrade", var name, var chart] => InstallAsync(a, name, chart),
        ["test", var name] => TestAsync(a, name),
        ["uninstall", var name] => UninstallAsync(a, name),
        _ => throw new StandInException($"this stand-in does not know helm {string.Join(' ', a.Words)}"),
    };

    private async Task InstallAsync(Arguments a, string name, string chart)
    {
        a.DemandOnly("--values", "--set", "--wait", "--create-namespace", "--timeout");
        bool isInstalled = File.Exists(cluster.ReleaseFile(a.Namespace, name));
        if (isInstalled != (a.Words[0] == "upgrade"))
        {
            throw new StandInException(isInstalled ? "cannot re-use a name that is still in use" : $"\"{name}\" has no deployed releases");
        }

        Release? before = isInstalled ? Release.Read(cluster, a.Namespace, name) : null;
        string yaml = await RenderAsync(a, name, chart);
        Release release = new(cluster, a.Namespace, yaml);
        release.ApplyObjects();
        bool isSame = before is not null && k8s.KubernetesYaml.Serialize(before.Deployment) == k8s.KubernetesYaml.Serialize(release.Deployment);
        if (!isSame)
        {
            await release.RollAsync();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(cluster.ReleaseFile(a.Namespace, name))!);
        await File.WriteAllTextAsync(cluster.ReleaseFile(a.Namespace, name), yaml);
        Console.WriteLine($"NAME: {name}\nSTATUS: deployed");
    }

    private async Task TestAsync(Arguments a, string name)
    {
        a.DemandOnly("--timeout");
        Release release = Release.Read(cluster, a.Namespace, name);
        foreach (V1Pod pod in release.Hooks)
        {
            int code = await RunHookAsync(a.Namespace, release, pod);
            Console.WriteLine($"TEST SUITE: {pod.Metadata.Name}\nPhase: {(code == 0 ? "Succeeded" : throw new StandInException($"{pod.Metadata.Name} ended with {code}"))}");
        }
    }

    // The image's own files lie in a folder; the service's name in the cluster is one of a forwarder.
    private async Task<int> RunHookAsync(string ns, Release release, V1Pod pod)
    {
        string tool = Environment.GetEnvironmentVariable("VERIFIERCTL_IMAGE") ?? throw new StandInException("VERIFIERCTL_IMAGE names no folder");
        string folder = Directory.CreateTempSubdirectory("pods-hook-").FullName;
        PodSandbox sandbox = new(cluster, ns, pod.Spec, folder);
        V1ServicePort port = release.Service.Spec.Ports[0];
        using Forwarder forwarder = new(0, release.Pods.First().Address, Release.TargetPort(release, port.Port));
        ProcessStartInfo start = new(sandbox.Command[0], sandbox.Command.Skip(1).Select(w => w.Replace("/app/", $"{tool}/", StringComparison.Ordinal))) { WorkingDirectory = folder };
        foreach ((string key, string value) in sandbox.Environment)
        {
            start.Environment[key] = value.Replace($"{release.Service.Metadata.Name}.{ns}.svc:{port.Port}", $"127.0.0.1:{forwarder.Port}", StringComparison.Ordinal);
        }

        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return process.ExitCode;
    }

    private async Task UninstallAsync(Arguments a, string name)
    {
        a.DemandOnly("--wait");
        await Release.Read(cluster, a.Namespace, name).StopAsync();
        File.Delete(cluster.ReleaseFile(a.Namespace, name));
        Console.WriteLine($"release \"{name}\" uninstalled");
    }

    private async Task<string> RenderAsync(Arguments a, string name, string chart)
    {
        string[] options = [.. a.All("--values").SelectMany(v => new[] { "--values", v }), .. a.All("--set").SelectMany(v => new[] { "--set", v })];
        using Process process = Process.Start(new ProcessStartInfo(program, ["template", name, chart, "--namespace", a.Namespace, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string yaml = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? yaml : throw new StandInException(await error);
    }
}
