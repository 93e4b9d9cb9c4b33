using System.Diagnostics.Metrics;

namespace Verifier.Service.Telemetry;

/// <summary>Counts verdicts. The reason is the id of a check, the tenant one of <see cref="TenantLabels"/>.</summary>
internal sealed class VerdictMetrics
{
    public const string VerdictsName = "verifier.verdicts";

    /// <summary>More than there are pairs of outcome and reason (a test counts).</summary>
    public const int MostPerTenant = 128;

    private readonly TenantLabels _tenants;
    private readonly Counter<long> _verdicts;

    public VerdictMetrics(IMeterFactory factory, TenantLabels tenants)
    {
        _tenants = tenants;
        _verdicts = factory.Create(VerifierMetrics.MeterName).CreateCounter<long>(
            VerdictsName, "{verdict}", "Verdicts given, by outcome, first failed check and tenant.");
    }

    /// <summary>A verdict; the reason is the wire name of the first failed check, or <c>none</c>.</summary>
    public void Verdict(string tenant, string outcome, string reason) =>
        _verdicts.Add(1, new("outcome", outcome), new("reason", reason), new("tenant", _tenants.Of(tenant)));
}
