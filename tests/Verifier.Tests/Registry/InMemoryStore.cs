using System.Collections.Concurrent;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Registry;

/// <summary>A store double: as simple as the contract allows, and away, slow or unfit on demand.</summary>
internal sealed class InMemoryStore : IReferenceValueStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Id), StoredReferenceValue> _values = [];
    private readonly Dictionary<(string Tenant, Digest384 Digest), Tombstone> _tombstones = [];
    private readonly ConcurrentDictionary<string, (string Fingerprint, ChangeOutcome Outcome)> _requests = new();
    private readonly List<(string Tenant, string Id, NearVariant Variant)> _near = [];
    private int _etag;
    private int _lookups;

    /// <summary>Thrown by every operation when set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Awaited by every look-up when set.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    public int Lookups => _lookups;

    /// <summary>Thrown by every look-up of near variants when set.</summary>
    public Exception? NearFault { get; set; }

    public int NearLookups { get; private set; }

    public async Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation)
    {
        // Whoever sees the look-up counted may change what the next one waits for, and not this one.
        Func<CancellationToken, Task>? held = Delay;
        Interlocked.Increment(ref _lookups);
        if (held is { } delay)
        {
            await delay(cancellation);
        }

        await EnterAsync(cancellation);
        lock (_lock)
        {
            return new MeasurementEntry(
                measurement,
                _tombstones.GetValueOrDefault((tenant, measurement)),
                [.. _values.Values.Where(v => v.Tenant == tenant && v.Value.Measurements.Any(m => m.Digest == measurement))])
            {
                OfSigners = [.. _values.Values.Where(v => v.Tenant == tenant && v.Signers.Intersect(signers).Any())],
            };
        }
    }

    public async Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        lock (_lock)
        {
            return _values.GetValueOrDefault((tenant, id));
        }
    }

    public async Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        lock (_lock)
        {
            StoredReferenceValue[] rest =
            [
                .. _values.Values.Where(v => v.Tenant == tenant
                    && (filter.Image is null || v.Value.Image == filter.Image)
                    && (filter.State is null || v.Value.State == filter.State)
                    && string.CompareOrdinal(v.Id, afterId) > 0).OrderBy(v => v.Id, StringComparer.Ordinal),
            ];
            return new ReferencePage([.. rest.Take(pageSize)], rest.Length > pageSize ? rest[pageSize - 1].Id : null);
        }
    }

    public async Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation)
    {
        NearLookups++;
        await EnterAsync(cancellation);
        if (NearFault is { } fault)
        {
            throw fault;
        }

        lock (_lock)
        {
            return [.. _near.Where(n => n.Tenant == tenant && n.Variant.Digest == measurement).Select(n => new NearMatch(_values[(tenant, n.Id)].Value, n.Variant))];
        }
    }

    public Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation) =>
        ChangeAsync(request, () =>
        {
            StoredReferenceValue value = creation.Value;
            if (_values.ContainsKey((value.Tenant, value.Id)))
            {
                return new ChangeOutcome.AlreadyExists();
            }

            Tombstone? tombstone = value.Value.Measurements.Select(m => _tombstones.GetValueOrDefault((value.Tenant, m.Digest))).FirstOrDefault(t => t is not null);
            if (tombstone is not null)
            {
                return new ChangeOutcome.MeasurementRevoked(tombstone);
            }

            _near.AddRange(creation.Near.Select(n => (value.Tenant, value.Id, n)));
            return Put(value);
        }, cancellation);

    public Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation) =>
        ChangeAsync(request, () =>
        {
            if (!_values.TryGetValue((change.Tenant, change.Id), out StoredReferenceValue? value))
            {
                return new ChangeOutcome.NotFound();
            }

            if (change.ExpectedEtag is { } etag && etag != value.Etag)
            {
                return new ChangeOutcome.EtagMismatch(value.Etag);
            }

            if (!change.AllowedFrom.Contains(value.Value.State))
            {
                return new ChangeOutcome.WrongState(value.Value.State);
            }

            if (change.Target == ReferenceState.Revoked)
            {
                foreach (ReferenceMeasurement m in value.Value.Measurements)
                {
                    _tombstones.TryAdd((value.Tenant, m.Digest), new Tombstone(m.Digest, change.Reason, value.Value.Name, change.At));
                }
            }

            return Put(value with { Value = value.Value with { State = change.Target }, UpdateTime = change.At, RevokeReason = change.Reason });
        }, cancellation);

    public Task PingAsync(CancellationToken cancellation) => EnterAsync(cancellation);

    private ChangeOutcome.Done Put(StoredReferenceValue value)
    {
        value = value with { Etag = $"\"{++_etag}\"" };
        _values[(value.Tenant, value.Id)] = value;
        return new ChangeOutcome.Done(value);
    }

    private async Task<ChangeOutcome> ChangeAsync(RequestKey? request, Func<ChangeOutcome> change, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        lock (_lock)
        {
            if (request is not null && _requests.TryGetValue(request.RequestId, out (string Fingerprint, ChangeOutcome Outcome) first))
            {
                return first.Fingerprint == request.Fingerprint ? first.Outcome : new ChangeOutcome.RequestIdReused();
            }

            ChangeOutcome outcome = change();
            if (request is not null && outcome is ChangeOutcome.Done)
            {
                _requests[request.RequestId] = (request.Fingerprint, outcome);
            }

            return outcome;
        }
    }

    private Task EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Fault is { } fault ? Task.FromException(fault) : Task.CompletedTask;
    }
}
