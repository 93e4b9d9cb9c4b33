using Verifier.Service.Challenges;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage.Redis;

/// <summary>The store in Redis, shared by any number of instances of the service.</summary>
internal sealed class RedisStore : IStore
{
    private readonly RedisCalls _calls;
    private readonly LogAppender _log;
    private readonly IReadOnlyList<string> _weakened;

    public RedisStore(RedisOptions options, Func<LogKeyRing> logKeys, Func<ILogWitness> witness, TimeProvider clock, RegistryIds? ids = null, RedisInstruments? instruments = null)
    {
        RedisKeys keys = new(options.KeyPrefix);
        _calls = new(options, keys, ids ?? new(options.RegistryId, null), instruments ?? new(null), clock);
        string place = options.SentinelPrimary.Length == 0 ? "" : $"'{options.SentinelPrimary}' by the sentinels ";
        Description = $"Redis at {place}{string.Join(", ", options.Endpoints)}{(options.Tls.Enabled ? " over TLS" : "")}, keys '{options.KeyPrefix}*'";
        _weakened = [.. Weakened(options)];
        _log = new(logKeys, witness);
        RedisWriter writer = new(_calls, keys, _log);
        References = new RedisReferenceValueStore(_calls, writer, keys);
        Documents = new RedisDocumentStore(_calls, writer, keys);
        RedisContents contents = new(_calls, keys);
        RedisChangeLog log = new(_calls, keys);
        (Contents, Log) = (contents, log);
        Import = new RedisImport(_calls, log, contents, keys);
        Certificates = new RedisCertificateCache(_calls, keys, clock);
        Usage = new RedisUsageStore(_calls, keys);
        Fleet = new RedisKdsFleet(_calls, keys);
        Challenges = new RedisChallengeStore(_calls, keys, clock);
    }

    public string Description { get; }

    public IReadOnlyList<string> Warnings => [.. _weakened, .. _calls.Doubts];

    public IReferenceValueStore References { get; }

    public IDocumentStore Documents { get; }

    public IChangeLog Log { get; }

    public ITenantContents Contents { get; }

    public ITenantImport Import { get; }

    public ICertificateCache Certificates { get; }

    public IChallengeStore Challenges { get; }

    public IUsageStore Usage { get; }

    public IKdsFleet Fleet { get; }

    public async ValueTask DisposeAsync()
    {
        await _calls.DisposeAsync();
        _log.Dispose();
    }

    private static IEnumerable<string> Weakened(RedisOptions options)
    {
        if (options.UnsafePlaintext)
        {
            yield return "Store:Redis:UnsafePlaintext: whoever is on the way to Redis can read and change what is trusted.";
        }

        if (options.UnsafeNoAuthentication)
        {
            yield return "Store:Redis:UnsafeNoAuthentication: whoever reaches Redis can change what is trusted.";
        }

        if (options.Durability == RedisDurability.EverySecond)
        {
            yield return "Store:Redis:Durability is everysec: a loss of power can undo the changes of the last second, revocations too.";
        }

        if (options.Durability == RedisDurability.DeclaredByOperator)
        {
            yield return "Store:Redis:Durability is declared-by-operator: whether Redis keeps what it acknowledges is not checked.";
        }
    }
}
