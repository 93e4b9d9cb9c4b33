using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>The single Redis for trying out is as fit to hold trust as one server can be, and off unless it is asked for.</summary>
public sealed class TrialRedisTests
{
    [Theory]
    [InlineData("trial-redis")]
    [InlineData("trial-redis-plain")]
    public void Redis_LosesNothingThatWasAnswered(string name)
    {
        string[] lines = Conf(name);
        Assert.Contains("appendonly yes", lines);
        Assert.Contains("appendfsync always", lines);
        Assert.Contains("maxmemory-policy noeviction", lines);
        Assert.Contains("dir /data", lines);
        Assert.Contains("aclfile /etc/redis-acl/users.acl", lines);
    }

    [Fact]
    public void Redis_ListensWithTlsAlone_UnlessToldOtherwise()
    {
        Assert.Contains("port 0", Conf("trial-redis"));
        Assert.Contains("tls-port 6379", Conf("trial-redis"));
        Assert.DoesNotContain(Conf("trial-redis-plain"), l => l.StartsWith("tls", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trial-redis")]
    [InlineData("trial-redis-plain")]
    public void FilesOfItsSettings_LieInItsVolumes(string name)
    {
        V1PodSpec pod = Set(name).Spec.Template.Spec;
        V1Container redis = Assert.Single(pod.Containers);
        string[] files = [.. Conf(name).SelectMany(l => l.Split(' ')).Where(w => w.StartsWith('/')), redis.Command[1]];

        Assert.All(files, f => Assert.Contains(redis.VolumeMounts, m => f == m.MountPath || f.StartsWith(m.MountPath + "/", StringComparison.Ordinal)));
        Assert.Equal(redis.VolumeMounts.Select(m => m.Name).Order(), pod.Volumes.Select(v => v.Name).Append("data").Order());
    }

    [Fact]
    public void OnePodWithAClaim_AndNeverTwo()
    {
        V1StatefulSetSpec set = Set("trial-redis").Spec;
        V1PersistentVolumeClaim claim = Assert.Single(set.VolumeClaimTemplates);
        Assert.Equal((1, "1Gi", "fast"), (set.Replicas, claim.Spec.Resources.Requests["storage"].ToString(), claim.Spec.StorageClassName));
    }

    [Fact]
    public void WithoutBeingAsked_ThereIsNone() => Assert.Empty(Manifests.Render("minimal").All<V1StatefulSet>());

    private static V1StatefulSet Set(string name) => Manifests.Render(name).Single<V1StatefulSet>();

    private static string[] Conf(string name) =>
        Manifests.Render(name).Named<V1ConfigMap>("release-verifier-redis").Data["redis.conf"].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
