using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>The embedded store: <c>registry.db</c>, durable on acknowledgement, and <c>certificates.db</c>, which can be lost.</summary>
internal sealed class SqliteStore : IStore
{
    private readonly SqliteDatabase _registry;
    private readonly SqliteDatabase _certificates;
    private readonly LogAppender _log;
    private readonly SqliteWriter _writer;

    public SqliteStore(StoreOptions options, LogOptions log, Func<ILogWitness> witness, TimeProvider clock)
    {
        string directory = Path.GetFullPath(options.DataDirectory);
        Description = $"embedded database in {directory}";
        _registry = new(Path.Combine(directory, "registry.db"), SqliteSchema.Registry, durable: true, options.WriteTimeout);
        _certificates = new(Path.Combine(directory, "certificates.db"), SqliteSchema.Certificates, durable: false, options.WriteTimeout);
        _log = new(() => LogKeyRing.Load(log, options), witness);
        _writer = new(_registry, _log, options.WriteTimeout);
        References = new SqliteReferenceValueStore(_registry, _writer, clock);
        Documents = new SqliteDocumentStore(_registry, _writer, clock);
        Contents = new SqliteContents(_registry);
        Import = new SqliteImport(_registry);
        Log = new SqliteChangeLog(_registry);
        Usage = new SqliteUsageStore(_registry, clock);
        Challenges = new SqliteChallengeStore(_registry, clock);
        Certificates = new SqliteCertificateCache(_certificates, options.CertificateCacheEntries, clock);
    }

    public string Description { get; }

    public IReadOnlyList<string> Warnings => [];

    public IReferenceValueStore References { get; }

    public IDocumentStore Documents { get; }

    public IChangeLog Log { get; }

    public ITenantContents Contents { get; }

    public ITenantImport Import { get; }

    public ICertificateCache Certificates { get; }

    public IChallengeStore Challenges { get; }

    public IUsageStore Usage { get; }

    /// <summary>The files belong to one process.</summary>
    public IKdsFleet? Fleet => null;

    public ValueTask DisposeAsync()
    {
        _registry.Dispose();
        _certificates.Dispose();
        _writer.Dispose();
        _log.Dispose();
        return ValueTask.CompletedTask;
    }
}
