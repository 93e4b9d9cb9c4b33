using System.Text.RegularExpressions;
using k8s.Models;
using Verifier.Contracts.V1;

namespace Verifier.Charts.Tests;

/// <summary>What is rendered for the good values.</summary>
public sealed partial class ManifestTests
{
    [Theory]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  selectors: {}\n")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  replicas: many\n")]
    public void UnknownFieldOrWrongType_FailsTheStrictLoad(string yaml) => Assert.ThrowsAny<Exception>(() => Manifests.Parse(yaml));

    // The cluster refuses a number or a switch where it wants a text, and the strict load above reads either as a text.
    [Fact]
    public void NamesLikeNumbers_StayTexts()
    {
        string yaml = Helm.Template(ValueSets.GoodFile("names-like-numbers")).Succeeded();
        Assert.DoesNotMatch(BareName(), yaml);
        Assert.Matches(BareName(), yaml.Replace("secretName: \"1\"", "secretName: 1", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Volumes_AreMountedOnceEach(string name) => Assert.All(Manifests.Render(name).PodSpecs, pod =>
        Assert.Equal(pod.Volumes.Select(v => v.Name).Order(), Assert.Single(pod.Containers).VolumeMounts.Select(m => m.Name).Except(["data"]).Concat(pod.Volumes.Select(v => v.Name).Where(n => n == "data")).Order()));

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Probes_AskThePlainPort(string name)
    {
        V1Container container = Manifests.Render(name).Container;
        int probe = container.Ports.Single(p => p.Name == "probe").ContainerPort;

        Assert.All([container.StartupProbe, container.ReadinessProbe, container.LivenessProbe], p => Assert.Equal(probe, p.Grpc.Port));
        Assert.All([container.StartupProbe, container.ReadinessProbe], p => Assert.Equal(VerifierService.Descriptor.FullName, p.Grpc.Service));
        Assert.Null(container.LivenessProbe.Grpc.Service);
    }

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void GracePeriod_IsLongerThanDraining(string name)
    {
        Manifests manifests = Manifests.Render(name);
        TimeSpan drain = Time(manifests.Settings["Server__DrainDelay"]) + Time(manifests.Settings["Server__DrainTimeout"]);
        Assert.True(manifests.Pod.TerminationGracePeriodSeconds > drain.TotalSeconds);
    }

    [Theory]
    [InlineData("minimal", "https", 7443)]
    [InlineData("unsafe-trial", "kubernetes.io/h2c", 7443)]
    [InlineData("pods-in-full", "grpc", 443)]
    public void Service_NamesTheProtocol(string name, string protocol, int port)
    {
        V1ServicePort only = Assert.Single(Manifests.Render(name).Service.Spec.Ports);
        Assert.Equal((protocol, port, "grpc"), (only.AppProtocol, only.Port, only.TargetPort.Value));
    }

    [Fact]
    public void Service_HasAPortForEachWayIn() => Assert.Equal(
        [("grpc", 443, "https"), ("web", 8443, "https"), ("keys", 7445, "https")],
        Manifests.Render("web-and-tokens").Service.Spec.Ports.Select(p => (p.TargetPort.Value, p.Port, p.AppProtocol)));

    // A second service, since the address of one cannot be taken from it again.
    [Fact]
    public void HeadlessService_GivesAddressesOfPodsAtTheirOwnPort()
    {
        Manifests manifests = Manifests.Render("cert-manager");
        V1Service headless = manifests.Named<V1Service>("release-verifier-headless");

        Assert.Equal("None", headless.Spec.ClusterIP);
        Assert.Null(manifests.Service.Spec.ClusterIP);
        Assert.Equal(manifests.Container.Ports.Single(p => p.Name == "grpc").ContainerPort, Assert.Single(headless.Spec.Ports).Port);
        Assert.DoesNotContain(Manifests.Render("minimal").All<V1Service>(), s => s.Spec.ClusterIP is not null);
    }

    [Fact]
    public void BundleOnAClaim_IsReadAlone()
    {
        Manifests manifests = Manifests.Render("air-gapped-claim");
        V1Volume volume = manifests.Pod.Volumes.Single(v => v.Name == "kds-bundle");
        Assert.Equal(("kds-bundle", true), (volume.PersistentVolumeClaim.ClaimName, volume.PersistentVolumeClaim.ReadOnlyProperty));
        Assert.True(manifests.Container.VolumeMounts.Single(m => m.Name == "kds-bundle").ReadOnlyProperty);
    }

    [Theory]
    [InlineData("minimal", "Recreate")]
    [InlineData("redis-replicas", "RollingUpdate")]
    public void EmbeddedStore_NeverHasTwoPods(string name, string strategy) => Assert.Equal(strategy, Manifests.Render(name).Deployment.Spec.Strategy.Type);

    [Theory]
    [InlineData("minimal", "registry.example/verifier:0.1.0")]
    [InlineData("redis-replicas", "registry.example/verifier:0.1.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("managed-redis", "localhost/verifier:0.1.0")]
    public void Image_IsTheNamedOne(string name, string image) => Assert.Equal(image, Manifests.Render(name).Container.Image);

    [Fact]
    public void ChangedSettings_RestartPods()
    {
        static string Checksum(Manifests m) => m.Deployment.Spec.Template.Metadata.Annotations["checksum/config"];
        Assert.NotEqual(Checksum(Manifests.Render("minimal")), Checksum(Manifests.Render("managed-redis")));
        Assert.Equal(Checksum(Manifests.Render("minimal")), Checksum(Manifests.Render("minimal")));
    }

    [GeneratedRegex(@"(?im)^[ -]*(name|secretName|key|path|serviceAccountName|priorityClassName): (true|[0-9])$")]
    private static partial Regex BareName();

    private static TimeSpan Time(string text) => TimeSpan.ParseExact(text, "c", System.Globalization.CultureInfo.InvariantCulture);
}
