using System.Collections.Concurrent;
using StackExchange.Redis;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// What documents said last, so that one whose bytes are the same still is not decoded again. Never an answer: each is asked of Redis, and
/// what it says counts.
/// </summary>
internal sealed class RedisDocumentRecall
{
    // Settings and policy of as many tenants as readings are kept of.
    private const int MostKept = 2000;

    private readonly ConcurrentDictionary<(string Tenant, DocumentKind Kind, string Id), Said> _last = new();

    /// <summary>What a document says.</summary>
    /// <exception cref="StoreUnfitException">It cannot be understood.</exception>
    public KeptDocument Decode(RedisValue body, string tenant, DocumentKind kind, string id)
    {
        ReadOnlyMemory<byte> bytes = body;
        (string, DocumentKind, string) key = (tenant, kind, id);
        if (_last.TryGetValue(key, out Said? said) && bytes.Span.SequenceEqual(said.Body.Span))
        {
            return said.Kept;
        }

        KeptDocument kept = DocumentCodec.Decode(bytes.Span, tenant, kind, id);
        if (said is null && _last.Count >= MostKept)
        {
            _last.Clear();
        }

        _last[key] = new Said(bytes, kept);
        return kept;
    }

    private sealed record Said(ReadOnlyMemory<byte> Body, KeptDocument Kept);
}
