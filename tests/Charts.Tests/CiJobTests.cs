using k8s.Models;
using Verifier.TestKit;

namespace Verifier.Charts.Tests;

/// <summary>docs/ci/kubernetes-job.yaml, read strictly; what it does is run by the end-to-end tests.</summary>
public sealed class CiJobTests
{
    private static readonly string Yaml = File.ReadAllText(RepositoryRoot.Combine("docs", "ci", "kubernetes-job.yaml"));

    private static V1PodSpec Pod => Manifests.Parse(Yaml).Single<V1Job>().Spec.Template.Spec;

    [Fact]
    public void Manifest_LoadsStrictly_AndAMisspeltFieldDoesNot()
    {
        Assert.Equal("Job ServiceAccount", string.Join(' ', Manifests.Parse(Yaml).Kinds));
        Assert.ThrowsAny<Exception>(() => Manifests.Parse(Yaml.Replace("backoffLimit", "backOffLimit", StringComparison.Ordinal)));
        Assert.ThrowsAny<Exception>(() => Manifests.Parse(Yaml.Replace("expirationSeconds: 600", "expirationSeconds: soon", StringComparison.Ordinal)));
    }

    // The token of the cluster's own API would be good for more than registering.
    [Fact]
    public void OnlyToken_IsOneOfItsOwnAudience()
    {
        V1VolumeProjection only = Assert.Single(Pod.Volumes.Where(v => v.Projected is not null).SelectMany(v => v.Projected.Sources));
        Assert.Equal(("verifier.example", 600), (only.ServiceAccountToken.Audience, only.ServiceAccountToken.ExpirationSeconds));
        Assert.False(Pod.AutomountServiceAccountToken);
        Assert.False(Manifests.Parse(Yaml).Single<V1ServiceAccount>().AutomountServiceAccountToken);
    }

    [Fact]
    public void Container_HasNoMoreRightsThanItNeeds()
    {
        V1Container container = Assert.Single(Pod.Containers);
        Assert.True(Pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", Pod.SecurityContext.SeccompProfile.Type);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Equal(Pod.Volumes.Select(v => v.Name).Order(), container.VolumeMounts.Select(m => m.Name).Order());
        Assert.All(container.VolumeMounts.Where(m => m.Name != "tmp"), m => Assert.True(m.ReadOnlyProperty));
    }
}
