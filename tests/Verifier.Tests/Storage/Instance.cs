using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Telemetry;

namespace Verifier.Tests.Storage;

/// <summary>What of an instance of the service holds a store against its log. Nothing follows in the background: each test says when.</summary>
internal sealed class Instance : IDisposable
{
    private readonly IStore _store;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<VerifierMetrics>().BuildServiceProvider();
    private readonly Lazy<LogKeyRing> _keys;
    private readonly FollowerParts _parts;
    private readonly LogFollower _follower;

    public Instance(IStore store, Func<LogKeyRing> keys, string? directory = null, params string[] acceptRollback)
    {
        _store = store;
        _keys = new Lazy<LogKeyRing>(keys);
        Directory = directory ?? System.IO.Directory.CreateTempSubdirectory("verifier-instance-").FullName;
        VerifierMetrics metrics = _services.GetRequiredService<VerifierMetrics>();
        _parts = new FollowerParts(
            store.Log, () => _keys.Value.Verifier, new HighestHeads(Directory), acceptRollback, metrics, TimeProvider.System, NullLogger.Instance);
        _follower = new LogFollower(_parts);
        Guard = new LogGuard(_follower, metrics, NullLogger<LogGuard>.Instance);
        Reader = new LogReader(_follower, store.Log);
        Copies = new TenantCopies(_follower, _parts, store.Contents, store.Import, Options.Create(new StoreOptions { DataDirectory = Directory }));
        Documents = new GuardedDocuments(store.Documents, Guard);
    }

    public string Directory { get; }

    public LogGuard Guard { get; }

    public LogReader Reader { get; }

    public TenantCopies Copies { get; }

    public IDocumentStore Documents { get; }

    public TenantLog Log => _follower.Of("default");

    public bool Follows(string tenant) => _follower.Follows(tenant);

    /// <summary>What Verify finds.</summary>
    public async Task<MeasurementEntry> FindAsync(Digest384 digest)
    {
        Task<MeasurementEntry> Look() => _store.References.FindAsync("default", digest, [], TestContext.Current.CancellationToken);
        await LoadedAsync();
        return await Guard.AgreedAsync("default", await Look(), Look, TestContext.Current.CancellationToken);
    }

    // As callers are told to wait for it: the guard itself gives it two seconds.
    private async Task LoadedAsync()
    {
        if (Log.Current is null && Log.Fault is null)
        {
            await Log.CatchUpAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What happens in the background every second.</summary>
    public async Task FollowAsync()
    {
        await Log.CatchUpAsync(TestContext.Current.CancellationToken);
        Log.Save();
    }

    /// <summary>One pass; <paramref name="meanwhile"/> runs after each part of it.</summary>
    public async Task<LogFault?> AuditAsync(Func<Task>? meanwhile = null)
    {
        try
        {
            return await new TenantAudit(Log, _store.Log, _store.Contents, _ => meanwhile?.Invoke() ?? Task.CompletedTask).RunAsync(TestContext.Current.CancellationToken);
        }
        catch (StoreUnfitException e)
        {
            return new LogFault(LogFault.Contradicted, e.Message);
        }
    }

    public async Task<string> RefusedAsync(Digest384 digest) => (await Assert.ThrowsAsync<LogRefusedException>(() => FindAsync(digest))).Reason;

    public void Dispose()
    {
        _follower.Dispose();
        if (_keys.IsValueCreated)
        {
            _keys.Value.Dispose();
        }

        _services.Dispose();
    }
}
