using Microsoft.Extensions.Configuration;
using Verifier.Service.Hosting;

namespace Verifier.Charts.Tests;

/// <summary>Values become settings of the service, by the names of docs/configuration.md.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void EmbeddedStore_LeavesTheRestToTheService() => Expect("minimal", new()
    {
        ["Server__Address"] = "*",
        ["Server__Port"] = "7443",
        ["Server__ProbePort"] = "7444",
        ["Server__DrainDelay"] = "00:00:05",
        ["Server__DrainTimeout"] = "00:00:20",
        ["Admission__QueueTime"] = "00:00:00.020",
        ["Admission__MaxInFlight"] = "1024",
        ["Admission__MaxStreams"] = "512",
        ["Server__Tls__CertificateFile"] = "/etc/verifier/tls/tls.crt",
        ["Server__Tls__KeyFile"] = "/etc/verifier/tls/tls.key",
        ["Identity__AdminTokenFile"] = "/etc/verifier/admin/token",
        ["Store__DataDirectory"] = "/var/lib/verifier",
        ["Kds__Mode"] = "Online",
    });

    [Fact]
    public void Redis_IsReachedWithPasswordAndAuthority() => ExpectPart("redis-replicas", "Store__", new()
    {
        ["Store__Redis__Endpoints__0"] = "redis-0.redis.example:6379",
        ["Store__Redis__Endpoints__1"] = "redis-1.redis.example:6379",
        ["Store__Redis__Endpoints__2"] = "[2001:db8::7]:6380",
        ["Store__Redis__User"] = "verifier",
        ["Store__Redis__PasswordFile"] = "/etc/verifier/redis/password",
        ["Store__Redis__Tls__Enabled"] = "true",
        ["Store__DataDirectory"] = "/var/lib/verifier",
        ["Store__Redis__KeyPrefix"] = "verifier:",
        ["Store__Redis__Tls__CaFile"] = "/etc/verifier/redis-ca/ca.crt",
        ["Store__Redis__Tls__Host"] = "redis.example",
        ["Store__Redis__Durability"] = "always",
    });

    [Fact]
    public void Sentinels_HaveAUserOfTheirOwn() => ExpectPart("redis-sentinel", "Store__Redis__Sentinel", new()
    {
        ["Store__Redis__SentinelPrimary"] = "registry",
        ["Store__Redis__SentinelUser"] = "verifier-sentinel",
        ["Store__Redis__SentinelPasswordFile"] = "/etc/verifier/redis-sentinel/sentinel-password",
    });

    [Fact]
    public void ReplicasAndId_AreHandedOn()
    {
        ExpectPart("redis-sentinel", "Store__Redis__Re", new() { ["Store__Redis__Replicas"] = "2", ["Store__Redis__RegistryId"] = "0123456789abcdef0123456789abcdef" });
        ExpectPart("redis-replicas", "Store__Redis__Re", []);
    }

    [Fact]
    public void Log_IsSignedWithTheKeyOfItsSecret() => ExpectPart("redis-replicas", "Log__", new() { ["Log__KeyFile"] = "/etc/verifier/log/log-key.pem" });

    [Fact]
    public void UnsafeSwitches_KeepTheirNames()
    {
        ExpectPart("redis-plain", "Store__", new()
        {
            ["Store__DataDirectory"] = "/var/lib/verifier",
            ["Store__Redis__KeyPrefix"] = "verifier:",
            ["Store__Redis__Endpoints__0"] = "127.0.0.1:6379",
            ["Store__Redis__Tls__Enabled"] = "false",
            ["Store__Redis__Durability"] = "everysec",
            ["Store__Redis__UnsafePlaintext"] = "true",
            ["Store__Redis__UnsafeNoAuthentication"] = "true",
        });
    }

    [Fact]
    public void OutsideWorld_IsReachedAsTold()
    {
        ExpectPart("managed-redis", "Kds__", new() { ["Kds__Mode"] = "Online", ["Kds__BaseUrl"] = "https://kds-mirror.example/amd", ["Kds__Proxy"] = "http://proxy.example:3128" });
        ExpectPart("managed-redis", "Telemetry__", new() { ["Telemetry__OtlpEndpoint"] = "http://otel-collector.monitoring:4317" });
        ExpectPart("air-gapped", "Kds__", new() { ["Kds__Mode"] = "Offline", ["Kds__BundleFile"] = "/etc/verifier/kds-bundle/bundle" });
        ExpectPart("air-gapped-claim", "Kds__", new() { ["Kds__Mode"] = "Offline", ["Kds__BundleFile"] = "/etc/verifier/kds-bundle/kds.pem" });
        ExpectPart("tls-everywhere", "Kds__Inv", new() { ["Kds__InventoryFile"] = "/etc/verifier/kds-inventory/chips.csv" });
    }

    [Fact]
    public void PrivateAuthorities_AreNamed()
    {
        ExpectPart("tls-everywhere", "Kds__", new() { ["Kds__InventoryFile"] = "/etc/verifier/kds-inventory/chips.csv", ["Kds__Mode"] = "Online", ["Kds__BaseUrl"] = "https://kds-mirror.example:8443", ["Kds__CaFile"] = "/etc/verifier/kds-ca/mirror.pem" });
        ExpectPart("tls-everywhere", "Server__Tls__", new()
        {
            ["Server__Tls__CertificateFile"] = "/etc/verifier/tls/chain.pem",
            ["Server__Tls__KeyFile"] = "/etc/verifier/tls/key.pem",
            ["Server__Tls__ClientCaFile"] = "/etc/verifier/client-ca/clients.pem",
        });
    }

    [Fact]
    public void Results_AreSignedWithTheKeysInTheirOrder() => ExpectPart("tokens", "Tokens__", new()
    {
        ["Tokens__Issuer"] = "https://results.verifier.example",
        ["Tokens__Port"] = "7445",
        ["Tokens__KeyFiles__0"] = "/etc/verifier/tokens/2026-11.pem",
        ["Tokens__KeyFiles__1"] = "/etc/verifier/tokens/2026-12.pem",
        ["Tokens__KeyFiles__2"] = "/etc/verifier/tokens/2027-01.pem",
        ["Tokens__ActivationDelay"] = "1.00:00:00",
        ["Tokens__Life"] = "00:02:00",
    });

    [Fact]
    public void Metrics_HaveTheirPort() => ExpectPart("monitoring", "Telemetry__", new() { ["Telemetry__MetricsPort"] = "9464" });

    [Fact]
    public void Web_HasItsPortAndOrigins() => ExpectPart("web-and-tokens", "Web__", new()
    {
        ["Web__Port"] = "9443",
        ["Web__AllowedOrigins__0"] = "https://console.example.org",
        ["Web__AllowedOrigins__1"] = "https://[2001:db8::1]:8443",
    });

    [Fact]
    public void FurtherSettings_AreHandedOn()
    {
        ExpectPart("tokens", "Challenges__", new() { ["Challenges__Life"] = "00:01:00" });
        ExpectPart("tokens", "Logging__", new() { ["Logging__LogLevel__Default"] = "Warning" });
    }

    [Fact]
    public void TrialRedis_IsReachedByTheNameOfItsService() => ExpectPart("trial-redis", "Store__Redis__", new()
    {
        ["Store__Redis__Endpoints__0"] = "release-verifier-redis.trust.svc:6379",
        ["Store__Redis__User"] = "verifier",
        ["Store__Redis__PasswordFile"] = "/etc/verifier/redis/password",
        ["Store__Redis__KeyPrefix"] = "verifier:",
        ["Store__Redis__Tls__Enabled"] = "true",
        ["Store__Redis__Tls__CaFile"] = "/etc/verifier/redis-ca/ca.crt",
        ["Store__Redis__Durability"] = "always",
    });

    // Whatever the chart sets by a value of its own cannot be set past it: neither a rule nor a later line decides which one counts.
    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void SettingsOfTheChart_AreNoFurtherSettings(string name)
    {
        string[] own = [.. Manifests.Render(name).Settings.Keys.Where(k => !k.StartsWith("Challenges__", StringComparison.Ordinal) && !k.StartsWith("Logging__", StringComparison.Ordinal))];
        string values = string.Join(",", own.Select(k => $"\"{k.Replace("__", ":", StringComparison.Ordinal)}\":\"x\""));
        HelmResult result = Helm.Run("template", "release", Helm.Chart, "--set-json", $"extraSettings={{{values}}}");

        Assert.All(own, k => Assert.Contains($"- extraSettings: {k.Replace("__", ":", StringComparison.Ordinal)} ", result.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Times_AreWrittenForTheService() => ExpectPart("pods-in-full", "Server__Drain", new()
    {
        ["Server__DrainDelay"] = "00:01:15",
        ["Server__DrainTimeout"] = "00:02:00",
    });

    [Fact]
    public void Admission_HasItsBounds() => ExpectPart("pods-in-full", "Admission__", new()
    {
        ["Admission__Concurrency"] = "6",
        ["Admission__QueueTime"] = "00:00:01.000",
        ["Admission__MaxInFlight"] = "100000",
        ["Admission__MaxStreams"] = "16",
    });

    [Fact]
    public void NoAdministrator_HasNoToken() => ExpectPart("air-gapped", "Identity__", []);

    [Fact]
    public void Issuers_AreHandedOnInOrder() => ExpectPart("identities", "Identity__", new()
    {
        ["Identity__Issuers__0__Issuer"] = "https://token.actions.githubusercontent.com",
        ["Identity__Issuers__0__Audience"] = "verifier.example",
        ["Identity__Issuers__0__Kind"] = "GitHub",
        ["Identity__Issuers__0__Proxy"] = "http://proxy.example:3128",
        ["Identity__Issuers__0__MaxAge"] = "00:15:00",
        ["Identity__Issuers__1__Issuer"] = "https://kubernetes.default.svc.cluster.local",
        ["Identity__Issuers__1__Audience"] = "verifier.example",
        ["Identity__Issuers__1__Kind"] = "Kubernetes",
        ["Identity__Issuers__1__Algorithms__0"] = "RS256",
        ["Identity__Issuers__1__JwksUri"] = "https://kubernetes.default.svc/openid/v1/jwks",
        ["Identity__Issuers__1__CaFile"] = "/etc/verifier/issuer-1/ca.crt",
    });

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Files_LieInMountedVolumes(string name)
    {
        Manifests manifests = Manifests.Render(name);
        Assert.All(
            manifests.Settings.Where(s => s.Value.StartsWith('/')),
            s => Assert.Contains(manifests.Container.VolumeMounts, m => s.Value == m.MountPath || s.Value.StartsWith(m.MountPath + "/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public void Settings_AreKnownToTheService(string name) => Assert.Empty(Faults(Manifests.Render(name).Settings));

    [Theory]
    [InlineData("Server__Prt", "7443")]
    [InlineData("Stor__DataDirectory", "/data")]
    [InlineData("Policy__Vmpls__0", "0")]
    [InlineData("Kds__Mode", "sometimes")]
    public void SettingUnknownToTheService_IsSeen(string name, string value) => Assert.NotEmpty(Faults(new Dictionary<string, string> { [name] = value }));

    // As arguments, since of those the service also refuses sections that it does not know.
    private static IReadOnlyList<string> Faults(IDictionary<string, string> settings) => SettingsCheck.Faults(
        new ConfigurationBuilder().AddCommandLine([.. settings.Select(s => $"--{s.Key.Replace("__", ":", StringComparison.Ordinal)}={s.Value}")]).Build(),
        SettingsSchema.Sections);

    private static void Expect(string name, Dictionary<string, string> settings) => ExpectPart(name, "", settings);

    private static void ExpectPart(string name, string prefix, Dictionary<string, string> settings) => Assert.Equal(
        settings.OrderBy(s => s.Key, StringComparer.Ordinal),
        Manifests.Render(name).Settings.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal));
}
