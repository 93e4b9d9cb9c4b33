using Grpc.Health.V1;
using Grpc.HealthCheck;

namespace Verifier.Service.Health;

/// <summary>
/// What grpc.health.v1 tells. Readiness ("" and the service names) is about this process alone; store and key service have names of
/// their own, so that a shared outage reaches callers as UNAVAILABLE with a hint and not as a refused connection.
/// </summary>
internal sealed class DependencyHealth
{
    public const string Store = "store";
    public const string Kds = "kds";

    private static readonly string[] ReadinessNames = ["", "verifier.v1.VerifierService", "verifier.v1.RegistryService"];

    private readonly Lock _lock = new();
    private readonly HealthServiceImpl _service;
    private readonly Dictionary<string, bool> _dependencies = new(StringComparer.Ordinal);
    private bool _isSelfTested;
    private bool _isDraining;

    public DependencyHealth(HealthServiceImpl service)
    {
        _service = service;
        Apply();
        _service.SetStatus(Store, HealthCheckResponse.Types.ServingStatus.Unknown);
        _service.SetStatus(Kds, HealthCheckResponse.Types.ServingStatus.Unknown);
    }

    /// <summary>Whether this instance takes calls.</summary>
    public bool IsServing
    {
        get
        {
            lock (_lock)
            {
                return _isSelfTested && !_isDraining;
            }
        }
    }

    /// <summary>How each dependency did when it was last asked, as far as it was.</summary>
    public IReadOnlyList<(string Name, bool IsServing)> Dependencies
    {
        get
        {
            lock (_lock)
            {
                return [.. _dependencies.Select(d => (d.Key, d.Value))];
            }
        }
    }

    /// <summary>Whether judging was seen to judge rightly since the start. Until then nothing is judged.</summary>
    public bool IsSelfTested
    {
        get
        {
            lock (_lock)
            {
                return _isSelfTested;
            }
        }
    }

    public void SelfTestPassed() => Change(() => _isSelfTested = true);

    /// <summary>Cannot be taken back: the process is about to end.</summary>
    public void Drain() => Change(() => _isDraining = true);

    /// <summary>Tells how a dependency did when it was last needed or asked.</summary>
    public void Report(string name, bool isServing)
    {
        lock (_lock)
        {
            _dependencies[name] = isServing;
            _service.SetStatus(name, isServing ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing);
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            Apply();
        }
    }

    private void Apply()
    {
        HealthCheckResponse.Types.ServingStatus status = _isSelfTested && !_isDraining
            ? HealthCheckResponse.Types.ServingStatus.Serving
            : HealthCheckResponse.Types.ServingStatus.NotServing;
        foreach (string name in ReadinessNames)
        {
            _service.SetStatus(name, status);
        }
    }
}
