using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Telemetry;

/// <summary>
/// The label of a tenant. Only so many get one of their own, in the order in which they are first met, for as long as the process runs;
/// all others share one, so that whoever may make tenants cannot make series without bound (T112). No tenant can have the name of
/// the shared label: ids have no underscore.
/// </summary>
internal sealed class TenantLabels(IOptions<TelemetryOptions> options)
{
    public const string Other = "_other";

    private readonly int _most = options.Value.MaxTenants;
    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The tenant's name, or <see cref="Other"/>.</summary>
    public string Of(string tenant)
    {
        if (_known.TryGetValue(tenant, out string? label))
        {
            return label;
        }

        lock (_gate)
        {
            return _known.Count < _most ? _known.GetOrAdd(tenant, tenant) : _known.GetValueOrDefault(tenant, Other);
        }
    }
}
