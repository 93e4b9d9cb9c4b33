using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Documents;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Names of keys. Unambiguous: a tenant and an id have no character that separates, a digest has a fixed length, and text of any kind
/// (request ids, names of certificates) enters as its SHA-256. All keys of a tenant have the hash tag <c>{tenant}</c>, so that a
/// cluster keeps them in one slot and can change them in one transaction.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    private const int MaxNameLength = 63;

    /// <summary>String: the reference value.</summary>
    public RedisKey Value(string tenant, string id) => $"{Root(tenant)}v:{Name(id)}";

    /// <summary>Sorted set with equal scores: the ids in their order.</summary>
    public RedisKey Ids(string tenant) => $"{Root(tenant)}ids";

    /// <summary>Set: ids of the values that have this measurement.</summary>
    public RedisKey Measurement(string tenant, Digest384 measurement) => $"{Root(tenant)}m:{measurement}";

    /// <summary>Set: ids of the values that accept by this signer, whether as ID key or as author key.</summary>
    public RedisKey Signer(string tenant, Digest384 key) => $"{Root(tenant)}s:{key}";

    /// <summary>Set: launches of registered files that would have this measurement, and are not registered.</summary>
    public RedisKey Near(string tenant, Digest384 measurement) => $"{Root(tenant)}near:{measurement}";

    /// <summary>Sorted set with equal scores: the measurements that have near variants, in their order.</summary>
    public RedisKey NearDigests(string tenant) => $"{Root(tenant)}nears";

    /// <summary>String: which import is under way, or was broken off.</summary>
    public RedisKey Import(string tenant) => $"{Root(tenant)}import";

    /// <summary>Hash from measurement to tombstone. Only a lifted revocation leaves it.</summary>
    public RedisKey Tombstones(string tenant) => $"{Root(tenant)}tombstones";

    /// <summary>Hash of measurements whose revocation was lifted and that were not revoked since.</summary>
    public RedisKey Lifted(string tenant) => $"{Root(tenant)}lifted";

    /// <summary>String with a life of a day: the answer to a request id.</summary>
    public RedisKey Request(string tenant, string requestId) => $"{Root(tenant)}r:{Hashed(requestId)}";

    /// <summary>List: leaves of the log, hash before data.</summary>
    public RedisKey Log(string tenant) => $"{Root(tenant)}log";

    /// <summary>String with the life of the challenge.</summary>
    public RedisKey Challenge(string tenant, ReadOnlySpan<byte> challenge) => $"{Root(tenant)}c:{Hashed(challenge)}";

    /// <summary>Sorted set by expiry: the challenges that may still serve.</summary>
    public RedisKey Challenges(string tenant) => $"{Root(tenant)}challenges";

    /// <summary>String: the signed head of the log.</summary>
    public RedisKey Head(string tenant) => $"{Root(tenant)}head";

    /// <summary>String: the current version of a document.</summary>
    public RedisKey Document(string tenant, DocumentKind kind, string id) => $"{Root(tenant)}d:{DocumentNames.Collection(kind)}:{Name(id)}";

    /// <summary>String: one version of a document. Never changes.</summary>
    public RedisKey DocumentVersion(string tenant, DocumentKind kind, string id, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root(tenant)}dv:{DocumentNames.Collection(kind)}:{Name(id)}:{version}");

    /// <summary>Sorted set with equal scores: the ids of a kind in their order, deleted ones included.</summary>
    public RedisKey DocumentIds(string tenant, DocumentKind kind) => $"{Root(tenant)}dids:{DocumentNames.Collection(kind)}";

    /// <summary>Hash with a life of a month: how often each caller had this measurement accepted on a day.</summary>
    public RedisKey Usage(string tenant, DateOnly day, Digest384 measurement) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root(tenant)}u:{day:yyyy-MM-dd}:{measurement}");

    /// <summary>String: how many replicas there were at most; written by each round of proof. In a cluster one beside each tenant.</summary>
    public RedisKey Pulse(string tenant) => $"{Root(tenant)}pulse";

    /// <summary>As above, where all tenants are on one server.</summary>
    public RedisKey Pulse() => $"{prefix}pulse";

    /// <summary>String: the id of this registry, made at first use.</summary>
    public RedisKey Registry() => $"{prefix}registry";

    /// <summary>String with the life of the certificate or list; of no tenant.</summary>
    public RedisKey Certificate(string key) => $"{prefix}cert:{Hashed(key)}";

    /// <summary>String with a life: who fetches this name, or how it ended; of no tenant.</summary>
    public RedisKey KdsLease(string key) => $"{prefix}kds:lease:{Hashed(key)}";

    /// <summary>String with a life: one turn of a line is taken.</summary>
    public RedisKey KdsTurn(string lane, int place) => string.Create(CultureInfo.InvariantCulture, $"{prefix}kds:turn:{lane}:{place}");

    /// <summary>String with a life: until when nobody asks.</summary>
    public RedisKey KdsPause() => $"{prefix}kds:pause";

    /// <summary>Whoever reads names of keys learns no challenge that still serves.</summary>
    public static string Hashed(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Hashed(string text) => Hashed(Encoding.UTF8.GetBytes(text));

    /// <summary>The service has checked names long before; a name that is none here is a defect, and must not become another key.</summary>
    private static string Name(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? text
            : throw new ArgumentException("Not a name of [a-z0-9-].", nameof(text));

    private string Root(string tenant) => $"{prefix}{{{Name(tenant)}}}:";
}
