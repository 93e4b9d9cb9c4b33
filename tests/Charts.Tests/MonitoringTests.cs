using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>Whoever watches finds the port of the metrics, the alerts and the dashboard; a cluster without the operator takes the rest.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public void ServiceMonitor_FindsTheServiceOfTheMetricsAlone()
    {
        Manifests manifests = Manifests.Render("monitoring");
        ServiceMonitorSpec monitor = manifests.Single<ServiceMonitor>().Spec;
        V1Service found = Assert.Single(manifests.All<V1Service>(), s => monitor.Selector.MatchLabels.All(l => s.Metadata.Labels.TryGetValue(l.Key, out string? have) && have == l.Value));

        Assert.Equal("release-verifier-metrics", found.Metadata.Name);
        MonitoredEndpoint endpoint = Assert.Single(monitor.Endpoints);
        Assert.Equal((found.Spec.Ports.Single().Name, "/metrics", "http", "15s"), (endpoint.Port, endpoint.Path, endpoint.Scheme, endpoint.Interval));
        Assert.Equal(9464, manifests.Container.Ports.Single(p => p.Name == found.Spec.Ports.Single().TargetPort.Value).ContainerPort);
        Assert.Equal("kube-prometheus", manifests.Single<ServiceMonitor>().Metadata.Labels["release"]);

        // The alerts look for a job that is called verifier, whatever the release is called.
        Assert.Equal("verifier", found.Metadata.Labels[monitor.JobLabel]);
    }

    [Fact]
    public void PodMonitor_FindsThePods()
    {
        Manifests manifests = Manifests.Render("autoscaling-in-flight");
        PodMonitorSpec monitor = manifests.Single<PodMonitor>().Spec;

        Assert.All(monitor.Selector.MatchLabels, l => Assert.Equal(l.Value, manifests.PodLabels[0][l.Key]));
        Assert.Single(manifests.PodLabels, labels => monitor.Selector.MatchLabels.All(l => labels[l.Key] == l.Value));
        Assert.Contains(manifests.Container.Ports, p => p.Name == Assert.Single(monitor.PodMetricsEndpoints).Port);
        Assert.Empty(manifests.All<ServiceMonitor>());
    }

    // Metrics name tenants: they never leave by the service that may have an address outside.
    [Fact]
    public void Metrics_AreNotAPortOfTheServiceOfCallers() =>
        Assert.DoesNotContain(Manifests.Render("monitoring").Service.Spec.Ports, p => p.TargetPort.Value == "metrics");

    [Fact]
    public void Alerts_AreThoseOfTheFile_WithWholeLinks()
    {
        AlertingRule[] rules = [.. Manifests.Render("monitoring").Single<PrometheusRule>().Spec.Groups.SelectMany(g => g.Rules)];
        string file = File.ReadAllText(Path.Combine(Helm.Chart, "files", "alerts.yaml"));

        Assert.NotEmpty(rules);
        Assert.Equal(file.Split('\n').Count(l => l.TrimStart().StartsWith("- alert:", StringComparison.Ordinal)), rules.Length);
        Assert.All(rules, r => Assert.StartsWith("https://docs.example/verifier/docs/operations.md#alert-", r.Annotations!["runbook_url"], StringComparison.Ordinal));
    }

    [Fact]
    public void Dashboard_IsThatOfTheFile()
    {
        V1ConfigMap map = Manifests.Render("monitoring").Named<V1ConfigMap>("release-verifier-dashboard");
        Assert.Equal(File.ReadAllText(Path.Combine(Helm.Chart, "files", "dashboard.json")).TrimEnd(), Assert.Single(map.Data).Value.TrimEnd());
        Assert.Equal("1", map.Metadata.Labels["grafana_dashboard"]);
        Assert.Equal("Trust", map.Metadata.Annotations["grafana_folder"]);
    }

    // Kinds that are not there must not break the install.
    [Fact]
    public void ClusterWithoutTheOperator_IsGivenTheRest()
    {
        Manifests manifests = Manifests.Parse(Helm.Template(ValueSets.GoodFile("monitoring")).Succeeded());
        Assert.DoesNotContain(manifests.Objects, o => o is ServiceMonitor or PodMonitor or PrometheusRule);
        Assert.Contains(manifests.All<V1Service>(), s => s.Metadata.Name == "release-verifier-metrics");
    }

    [Fact]
    public void MissingFile_IsNamed()
    {
        string copy = Directory.CreateTempSubdirectory("verifier-chart-").FullName;
        foreach (string file in Directory.EnumerateFiles(Helm.Chart, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("dashboard.json", StringComparison.Ordinal)))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(Helm.Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        HelmResult result = Helm.Run("template", "release", copy, "--values", ValueSets.GoodFile("monitoring"));
        Directory.Delete(copy, recursive: true);

        Assert.NotEqual(0, result.Code);
        Assert.Contains("files/dashboard.json is not in this chart", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServiceMonitor", "jobLabel", "jobLabels")]
    [InlineData("PrometheusRule", "groups", "group")]
    public void UnknownFieldOfAKind_FailsTheStrictLoad(string kind, string field, string misspelt)
    {
        string one = Manifests.Text("monitoring").Split("\n---\n").Single(d => d.Contains($"\nkind: {kind}\n", StringComparison.Ordinal));
        Assert.Single(Manifests.Parse(one).Objects);
        Assert.ThrowsAny<Exception>(() => Manifests.Parse(one.Replace($"  {field}:", $"  {misspelt}:", StringComparison.Ordinal)));
    }

    [Fact]
    public void InFlightCalls_AreWhatTheAutoscalerGoesBy()
    {
        V2MetricSpec metric = Assert.Single(Manifests.Render("autoscaling-in-flight").Single<V2HorizontalPodAutoscaler>().Spec.Metrics);
        Assert.Equal(("Pods", "verifier_calls_in_flight", "24"), (metric.Type, metric.Pods.Metric.Name, metric.Pods.Target.AverageValue.ToString()));
    }

    [Fact]
    public void Scraper_IsLetIn()
    {
        V1NetworkPolicySpec policy = Manifests.Render("monitoring").Single<V1NetworkPolicy>().Spec;
        V1NetworkPolicyIngressRule rule = Assert.Single(policy.Ingress, r => r.Ports.Any(p => p.Port.Value == "9464"));
        Assert.Equal("monitoring", Assert.Single(rule.FromProperty).NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]);
    }
}
