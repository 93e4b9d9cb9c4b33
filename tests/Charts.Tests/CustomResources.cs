using k8s;
using k8s.Models;

namespace Verifier.Charts.Tests;

/// <summary>
/// Kinds that are not Kubernetes's own, with the fields that the chart may use and no others: an unknown field fails the strict load.
/// Written down from the definitions of cert-manager.io/v1 and monitoring.coreos.com/v1.
/// </summary>
internal static class CustomResources
{
    /// <summary>By apiVersion/Kind, as the strict load and helm's --api-versions name them.</summary>
    public static IDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
    };
}

internal abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : class
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = null!;
}

internal sealed class Certificate : CustomResource<CertificateSpec>;

internal sealed class CertificateSpec
{
    public string SecretName { get; set; } = "";

    public string Duration { get; set; } = "";

    public string RenewBefore { get; set; } = "";

    public CertificatePrivateKey PrivateKey { get; set; } = new();

    public List<string> Usages { get; set; } = [];

    public List<string> DnsNames { get; set; } = [];

    public CertificateIssuer IssuerRef { get; set; } = new();
}

internal sealed class CertificatePrivateKey
{
    public string Algorithm { get; set; } = "";

    public int Size { get; set; }

    public string RotationPolicy { get; set; } = "";
}

internal sealed class CertificateIssuer
{
    public string Name { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Group { get; set; } = "";
}
