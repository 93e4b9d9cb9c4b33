using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>What the "restricted" Pod Security Standard demands, and a bit more: the service parses hostile input.</summary>
public sealed class SecurityContextTests
{
    private static readonly string[] AllowedVolumes = ["ConfigMap", "EmptyDir", "PersistentVolumeClaim", "Secret"];

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Pods_AreRestricted(string name) => Assert.All(Manifests.Render(name).PodSpecs, pod => Assert.Empty(Faults(pod)));

    [Fact]
    public void LoosenedPod_IsSeen()
    {
        Assert.Equal(["runAsNonRoot", "runAsUser", "seccompProfile", "serviceAccountToken"], Faults(new V1PodSpec { Containers = [] }).Order());
        Assert.Equal(
            ["allowPrivilegeEscalation", "capabilities", "memory limit", "readOnlyRootFilesystem", "runAsNonRoot", "runAsUser", "seccompProfile", "serviceAccountToken", "volume host"],
            Faults(new V1PodSpec
            {
                Containers = [new V1Container { Name = "a" }],
                Volumes = [new V1Volume { Name = "host", HostPath = new V1HostPathVolumeSource { Path = "/" } }],
            }).Order());
    }

    [Fact]
    public void MadeAdminToken_IsLongAndNeverTheSame()
    {
        static string Token() => System.Text.Encoding.ASCII.GetString(Manifests.RenderAnew("minimal").Single<V1Secret>().Data["token"]);
        Assert.Matches("^[A-Za-z0-9]{48}$", Token());
        Assert.NotEqual(Token(), Token());
    }

    private static IEnumerable<string> Faults(V1PodSpec pod)
    {
        V1PodSecurityContext context = pod.SecurityContext ?? new V1PodSecurityContext();
        (bool Broken, string Name)[] rules =
        [
            (context.RunAsNonRoot != true, "runAsNonRoot"),
            (context.RunAsUser is null or 0, "runAsUser"),
            (context.SeccompProfile?.Type != "RuntimeDefault", "seccompProfile"),
            (pod.AutomountServiceAccountToken != false, "serviceAccountToken"),
            (pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true, "host namespaces"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Name)
            .Concat(pod.Containers.SelectMany(Faults))
            .Concat((pod.Volumes ?? []).Where(v => !AllowedVolumes.Contains(Source(v))).Select(v => $"volume {v.Name}"));
    }

    private static IEnumerable<string> Faults(V1Container container)
    {
        V1SecurityContext context = container.SecurityContext ?? new V1SecurityContext();
        (bool Broken, string Name)[] rules =
        [
            (context.AllowPrivilegeEscalation != false, "allowPrivilegeEscalation"),
            (context.Privileged == true, "privileged"),
            (context.ReadOnlyRootFilesystem != true, "readOnlyRootFilesystem"),
            (context.Capabilities?.Drop is not ["ALL"] || context.Capabilities.Add is not null, "capabilities"),
            (container.Resources?.Limits?.ContainsKey("memory") != true, "memory limit"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Name);
    }

    private static string Source(V1Volume volume) =>
        typeof(V1Volume).GetProperties().Single(p => p.Name != nameof(V1Volume.Name) && p.GetValue(volume) is not null).Name;
}
