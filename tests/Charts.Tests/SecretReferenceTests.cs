using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>Secrets are referred to and never written down, and reach a process as files alone.</summary>
public sealed class SecretReferenceTests
{
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Secrets_AreFilesForReading(string name) => Assert.All(Manifests.Render(name).PodSpecs, pod =>
    {
        string[] secrets = [.. pod.Volumes.Where(v => v.Secret is not null).Select(v => v.Name)];
        V1Container container = Assert.Single(pod.Containers);

        Assert.All(container.VolumeMounts.Where(m => secrets.Contains(m.Name)), m => Assert.True(m.ReadOnlyProperty));
        Assert.All(pod.Volumes.Where(v => v.Secret is not null), v => Assert.Equal(Convert.ToInt32("440", 8), v.Secret.DefaultMode));
        Assert.All(pod.Volumes.Where(v => v.Secret is not null), v => Assert.NotEmpty(v.Secret.Items));
        Assert.All(container.Env ?? [], e => Assert.Null(e.ValueFrom));
        Assert.All(container.EnvFrom ?? [], e => Assert.Null(e.SecretRef));
    });

    // The one secret that the chart makes is the administrator's token, and only where it is told to.
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void MadeSecrets_AreTheAdministratorsTokenAlone(string name)
    {
        Manifests manifests = Manifests.Render(name);
        Assert.All(manifests.All<V1Secret>(), s => Assert.EndsWith("-admin", s.Metadata.Name, StringComparison.Ordinal));
        Assert.All(manifests.All<V1ConfigMap>().SelectMany(c => c.Data ?? new Dictionary<string, string>()), d => Assert.DoesNotContain("PRIVATE KEY", d.Value, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("minimal", 1)]
    [InlineData("gitops", 0)]
    [InlineData("identities", 0)]
    public void AdministratorsToken_IsMadeWhereToldTo(string name, int secrets) => Assert.Equal(secrets, Manifests.Render(name).All<V1Secret>().Count());

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Settings_NameFilesWhereTheyMeanSecrets(string name) => Assert.All(Manifests.Render(name).Settings, s => Assert.False(IsSecretInTheOpen(s.Key, s.Value), s.Key));

    [Theory]
    [InlineData("Store__Redis__Password", "hunter2", true)]
    [InlineData("Store__Redis__PasswordFile", "hunter2", true)]
    [InlineData("Identity__AdminToken", "/etc/verifier/admin/token", true)]
    [InlineData("Log__KeyFile", "key.pem", true)]
    [InlineData("Store__Redis__PasswordFile", "/etc/verifier/redis/password", false)]
    [InlineData("Store__Redis__KeyPrefix", "verifier:", false)]
    [InlineData("Tokens__Life", "00:05:00", false)]
    public void SecretInTheOpen_IsFound(string key, string value, bool isOne) => Assert.Equal(isOne, IsSecretInTheOpen(key, value));

    // Whatever is named a secret must be a file, and one that is mounted.
    private static bool IsSecretInTheOpen(string key, string value)
    {
        string name = key.Split("__").Last(part => !int.TryParse(part, out _));
        bool isNamedSo = name is not "KeyPrefix" && new[] { "Password", "Token", "Key", "Secret" }.Any(w => name.Contains(w, StringComparison.Ordinal));
        return isNamedSo && !(name.Contains("File", StringComparison.Ordinal) && value.StartsWith("/etc/verifier/", StringComparison.Ordinal));
    }

    // Manifests rendered twice are the same, so that whoever keeps them in a repository sees changes only.
    [Fact]
    public void RenderedAwayFromTheCluster_NothingIsRandom() =>
        Assert.Equal(Manifests.Text("gitops"), Helm.Template(ValueSets.GoodFile("gitops"), [.. CustomResources.Types.Keys]).Succeeded());
}
