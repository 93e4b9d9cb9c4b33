using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Tests.Registry;

/// <summary>A store double for documents: as simple as the contract allows, and away on demand.</summary>
internal sealed class InMemoryDocuments : IDocumentStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, DocumentKind Kind, string Id), List<StoredDocument>> _versions = [];
    private readonly HashSet<(string Tenant, DocumentKind Kind, string Id)> _deleted = [];
    private readonly Dictionary<string, (string Fingerprint, DocumentOutcome Outcome)> _requests = [];

    /// <summary>Thrown by every operation when set.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Awaited by every reading of a current document when set.</summary>
    public Func<CancellationToken, Task>? Delay { get; set; }

    public int Most { get; set; } = DocumentLimits.PerKind;

    public int Reads { get; private set; }

    public List<DocumentChange> Changes { get; } = [];

    public async Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation)
    {
        if (Delay is { } delay)
        {
            await delay(cancellation);
        }

        return Locked(() =>
        {
            Reads++;
            return _deleted.Contains((tenant, kind, id)) ? null : _versions.GetValueOrDefault((tenant, kind, id))?[^1];
        });
    }

    public Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation) =>
        Task.FromResult(Locked(() => _versions.GetValueOrDefault((tenant, kind, id))?.Find(d => d.Version == version)));

    public Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<StoredDocument>>(
        Locked(() => _versions.Where(v => v.Key.Tenant == tenant && v.Key.Kind == kind && !_deleted.Contains(v.Key)).Select(v => v.Value[^1]).OrderBy(d => d.Id, StringComparer.Ordinal).ToArray()));

    public Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation) => Task.FromResult(Locked(() =>
    {
        if (request is not null && _requests.TryGetValue(request.RequestId, out var before))
        {
            return before.Fingerprint == request.Fingerprint ? before.Outcome : new DocumentOutcome.RequestIdReused();
        }

        DocumentOutcome outcome = Plan(change);
        if (outcome is DocumentOutcome.Done done && !change.ValidateOnly
            && (change.Step == DocumentStep.Delete || done.Document != _versions.GetValueOrDefault((change.Tenant, change.Kind, change.Id))?[^1]))
        {
            Changes.Add(change);
            var key = (change.Tenant, change.Kind, change.Id);
            if (change.Step == DocumentStep.Delete)
            {
                _deleted.Add(key);
            }
            else
            {
                _deleted.Remove(key);
                _versions.TryAdd(key, []);
                _versions[key].Add(done.Document);
            }

            if (request is not null)
            {
                _requests[request.RequestId] = (request.Fingerprint, outcome);
            }
        }

        return outcome;
    }));

    private DocumentOutcome Plan(DocumentChange change)
    {
        var key = (change.Tenant, change.Kind, change.Id);
        List<StoredDocument>? versions = _versions.GetValueOrDefault(key);
        StoredDocument? current = _deleted.Contains(key) ? null : versions?[^1];
        if (change.Step is DocumentStep.Delete or DocumentStep.Replace && current is null)
        {
            return new DocumentOutcome.NotFound();
        }

        if (change.Step == DocumentStep.Create && current is not null)
        {
            return new DocumentOutcome.AlreadyExists();
        }

        if (change.ExpectedEtag is { } etag && etag != current?.Etag)
        {
            return new DocumentOutcome.EtagMismatch(current?.Etag ?? "");
        }

        if (change.Step == DocumentStep.Delete)
        {
            return new DocumentOutcome.Done(current!);
        }

        if (current is not null && current.Content.Span.SequenceEqual(change.Content.Span))
        {
            return new DocumentOutcome.Done(current);
        }

        if (versions is null && _versions.Count >= Most)
        {
            return new DocumentOutcome.TooMany();
        }

        long version = (versions?[^1].Version ?? 0) + 1;
        return new DocumentOutcome.Done(new StoredDocument(
            change.Tenant, change.Kind, change.Id, version, change.Content, change.Actor.Name, current?.CreateTime ?? change.At, change.At, $"\"{version}\""));
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return Fault is { } fault ? throw fault : action();
        }
    }
}
