using System.Text.RegularExpressions;
using k8s.Models;
using Verifier.Contracts.V1;

namespace Verifier.Charts.Tests;

/// <summary>What is rendered for the good values.</summary>
public sealed partial class ManifestTests
{
    [Theory]
    [InlineData("embedded-store", "ConfigMap Deployment PersistentVolumeClaim Secret Service ServiceAccount")]
    [InlineData("redis-replicas", "ConfigMap Deployment Service ServiceAccount")]
    [InlineData("managed-redis", "ConfigMap Deployment Secret Service ServiceAccount")]
    [InlineData("air-gapped", "ConfigMap Deployment Service")]
    [InlineData("unsafe-trial", "ConfigMap Deployment Secret Service ServiceAccount")]
    [InlineData("pods-in-full", "ConfigMap Deployment PersistentVolumeClaim Secret Service ServiceAccount")]
    [InlineData("redis-plain", "ConfigMap Deployment Secret Service ServiceAccount")]
    [InlineData("names-like-numbers", "ConfigMap Deployment Service ServiceAccount")]
    [InlineData("identities", "ConfigMap Deployment PersistentVolumeClaim Service ServiceAccount")]
    public void GoodValues_RenderStrictManifests(string name, string kinds) => Assert.Equal(kinds, string.Join(' ', Manifests.Render(name).Kinds));

    [Fact]
    public void EveryGoodFile_IsCovered() => Assert.Equal(
        ValueSets.Good.Select(r => r.Data).Order(StringComparer.Ordinal),
        typeof(ManifestTests).GetMethod(nameof(GoodValues_RenderStrictManifests))!.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Select(a => (string)((InlineDataAttribute)a).Data[0]!).Order(StringComparer.Ordinal));

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
    public void Objects_CarryTheCommonLabels(string name) => Assert.All(Manifests.Render(name).Metadata, m =>
    {
        Assert.Equal("verifier", m.Labels["app.kubernetes.io/name"]);
        Assert.Equal("release", m.Labels["app.kubernetes.io/instance"]);
        Assert.Equal("Helm", m.Labels["app.kubernetes.io/managed-by"]);
    });

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Selectors_FitTheLabelsOfPods(string name)
    {
        Manifests manifests = Manifests.Render(name);
        IDictionary<string, string> labels = manifests.Deployment.Spec.Template.Metadata.Labels;

        Assert.All(manifests.Deployment.Spec.Selector.MatchLabels, s => Assert.Equal(s.Value, labels[s.Key]));
        Assert.All(manifests.Single<V1Service>().Spec.Selector, s => Assert.Equal(s.Value, labels[s.Key]));
        Assert.Equal(2, manifests.Deployment.Spec.Selector.MatchLabels.Count);
    }

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Volumes_AreMountedOnceEach(string name)
    {
        Manifests manifests = Manifests.Render(name);
        Assert.Equal(manifests.Pod.Volumes.Select(v => v.Name).Order(), manifests.Container.VolumeMounts.Select(m => m.Name).Order());
    }

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
    [InlineData("embedded-store", "https", 7443)]
    [InlineData("unsafe-trial", "kubernetes.io/h2c", 7443)]
    [InlineData("pods-in-full", "grpc", 443)]
    public void Service_NamesTheProtocol(string name, string protocol, int port)
    {
        V1ServicePort only = Assert.Single(Manifests.Render(name).Single<V1Service>().Spec.Ports);
        Assert.Equal((protocol, port, "grpc"), (only.AppProtocol, only.Port, only.TargetPort.Value));
    }

    [Theory]
    [InlineData("embedded-store", "Recreate")]
    [InlineData("redis-replicas", "RollingUpdate")]
    public void EmbeddedStore_NeverHasTwoPods(string name, string strategy) => Assert.Equal(strategy, Manifests.Render(name).Deployment.Spec.Strategy.Type);

    [Theory]
    [InlineData("embedded-store", "registry.example/verifier:0.1.0")]
    [InlineData("redis-replicas", "registry.example/verifier:0.1.0@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("managed-redis", "localhost/verifier:0.1.0")]
    public void Image_IsTheNamedOne(string name, string image) => Assert.Equal(image, Manifests.Render(name).Container.Image);

    [Fact]
    public void ChangedSettings_RestartPods()
    {
        static string Checksum(Manifests m) => m.Deployment.Spec.Template.Metadata.Annotations["checksum/config"];
        Assert.NotEqual(Checksum(Manifests.Render("embedded-store")), Checksum(Manifests.Render("managed-redis")));
        Assert.Equal(Checksum(Manifests.Render("embedded-store")), Checksum(Manifests.Render("embedded-store")));
    }

    [GeneratedRegex(@"(?im)^[ -]*(name|secretName|key|path|serviceAccountName|priorityClassName): (true|[0-9])$")]
    private static partial Regex BareName();

    private static TimeSpan Time(string text) => TimeSpan.ParseExact(text, "c", System.Globalization.CultureInfo.InvariantCulture);
}
