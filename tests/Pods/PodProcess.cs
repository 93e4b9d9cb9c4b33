using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using k8s.Models;

namespace Verifier.Pods;

/// <summary>A pod of the service: a process that outlives this one, found again by its folder.</summary>
internal sealed class PodProcess(string folder)
{
    private const int Terminate = 15;

    public string Name => Path.GetFileName(folder);

    public string Address => Word("address");

    public bool IsRunning
    {
        get
        {
            try
            {
                return !File.ReadAllText($"/proc/{Word("pid")}/stat").Split(") ")[^1].StartsWith('Z');
            }
            catch (IOException)
            {
                // There is no such process, or none any more since the file was opened.
                return false;
            }
        }
    }

    public static IEnumerable<PodProcess> All(Cluster cluster, string ns, string deployment) => Directory.EnumerateDirectories(cluster.PodsFolder(ns))
        .Select(f => new PodProcess(f)).Where(p => p.Word("deployment") == deployment && p.IsRunning).OrderBy(p => p.Name, StringComparer.Ordinal);

    public static PodProcess Start(Cluster cluster, string ns, V1Deployment deployment)
    {
        string address = cluster.NextAddress();
        string folder = Directory.CreateDirectory(Path.Combine(cluster.PodsFolder(ns), $"{deployment.Metadata.Name}-{address[(address.LastIndexOf('.') + 1)..]}")).FullName;
        PodSandbox sandbox = new(cluster, ns, deployment.Spec.Template.Spec, folder);
        if (sandbox.Command.Count > 0)
        {
            throw new StandInException("the image's own command runs here, and no other");
        }

        // All addresses of a pod are its own.
        sandbox.Environment["Server__Address"] = address;
        string service = Environment.GetEnvironmentVariable("VERIFIER_SERVICE") ?? throw new StandInException("VERIFIER_SERVICE names no Verifier.Service.dll");
        ProcessStartInfo start = new("setsid", ["bash", "-c", "exec dotnet \"$0\" > \"$1\" 2>&1 < /dev/null", service, Path.Combine(folder, "log")]) { WorkingDirectory = folder };
        foreach ((string key, string value) in sandbox.Environment)
        {
            start.Environment[key] = value;
        }

        using Process process = Process.Start(start)!;
        File.WriteAllText(Path.Combine(folder, "pid"), process.Id.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(Path.Combine(folder, "address"), address);
        File.WriteAllText(Path.Combine(folder, "deployment"), deployment.Metadata.Name);
        return new PodProcess(folder);
    }

    /// <summary>As the readiness probe asks.</summary>
    public async Task<bool> IsReadyAsync(V1Deployment deployment)
    {
        V1GRPCAction probe = deployment.Spec.Template.Spec.Containers.Single().ReadinessProbe.Grpc;
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{Address}:{probe.Port}");
        try
        {
            HealthCheckRequest request = new() { Service = probe.Service };
            HealthCheckResponse response = await new Health.HealthClient(channel).CheckAsync(request, deadline: DateTime.UtcNow.AddSeconds(2));
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <summary>A pod that was ready stays so until its probe has failed three times.</summary>
    public async Task<bool> IsStillReadyAsync(V1Deployment deployment) => await IsReadyAsync(deployment) || await IsReadyAsync(deployment) || await IsReadyAsync(deployment);

    public async Task WaitReadyAsync(V1Deployment deployment)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await IsReadyAsync(deployment))
        {
            if (!IsRunning || watch.Elapsed > TimeSpan.FromMinutes(3))
            {
                throw new StandInException($"pod {Name} is not ready:\n{Log}");
            }

            await Task.Delay(100);
        }
    }

    public string Log => File.ReadAllText(Path.Combine(folder, "log"));

    /// <summary>SIGTERM, and the grace period; a pod that is still there then is a fault.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        using Process kill = Process.Start("kill", [$"-{Terminate}", Word("pid")]);
        await kill.WaitForExitAsync();
        Stopwatch watch = Stopwatch.StartNew();
        while (IsRunning)
        {
            if (watch.Elapsed > grace)
            {
                throw new StandInException($"pod {Name} did not end within its grace period of {grace}");
            }

            await Task.Delay(50);
        }
    }

    private string Word(string file) => Path.Combine(folder, file) is { } path && File.Exists(path) ? File.ReadAllText(path) : "";
}
