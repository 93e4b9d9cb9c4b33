using k8s.Models;

namespace Verifier.Charts.Tests;

internal sealed class ServiceMonitor : CustomResource<ServiceMonitorSpec>;

internal sealed class PodMonitor : CustomResource<PodMonitorSpec>;

internal sealed class PrometheusRule : CustomResource<PrometheusRuleSpec>;

internal sealed class ServiceMonitorSpec
{
    public string JobLabel { get; set; } = "";

    public V1LabelSelector Selector { get; set; } = new();

    public List<MonitoredEndpoint> Endpoints { get; set; } = [];
}

internal sealed class PodMonitorSpec
{
    public string JobLabel { get; set; } = "";

    public V1LabelSelector Selector { get; set; } = new();

    public List<MonitoredEndpoint> PodMetricsEndpoints { get; set; } = [];
}

internal sealed class MonitoredEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string Scheme { get; set; } = "";

    public string Interval { get; set; } = "";
}

internal sealed class PrometheusRuleSpec
{
    public List<RuleGroup> Groups { get; set; } = [];
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    public List<AlertingRule> Rules { get; set; } = [];
}

internal sealed class AlertingRule
{
    public string? Alert { get; set; }

    public string? Record { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}
