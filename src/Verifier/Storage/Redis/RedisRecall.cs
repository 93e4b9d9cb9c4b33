using System.Collections.Concurrent;
using SevSnp.Primitives;
using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// What was found for measurements last, so that the next look-up can ask for the values along with the ids that lead to them, and decodes
/// only bytes that have changed. Never an answer: every look-up is asked of Redis, and what it says counts.
/// </summary>
internal sealed class RedisRecall
{
    private const int MostKept = 1024;

    private readonly ConcurrentDictionary<(string Tenant, Digest384 Measurement, string Signers), Found> _found = new();

    /// <summary>What was found last; nothing when that is not known.</summary>
    public Found Of(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers) =>
        _found.GetValueOrDefault((tenant, measurement, Name(signers)), Found.Nothing);

    /// <summary>Keeps what was found, where there is something to spare the next time.</summary>
    public void Keep(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, Found found)
    {
        (string, Digest384, string) key = (tenant, measurement, Name(signers));
        if (found.Ids.Length + found.Signed.Length == 0)
        {
            _found.TryRemove(key, out _);
            return;
        }

        if (!_found.ContainsKey(key) && _found.Count >= MostKept)
        {
            _found.Clear();
        }

        _found[key] = found;
    }

    private static string Name(IReadOnlyList<Digest384> signers) => signers.Count == 0 ? "" : string.Join(',', signers);

    /// <summary>The ids that led to values, and each value as its bytes and what they say.</summary>
    internal sealed record Found(string[] Ids, string[] Signed, ReadOnlyMemory<byte>[] Bodies, StoredReferenceValue[] Values)
    {
        public static Found Nothing { get; } = new([], [], [], []);

        /// <summary>Whether these are the ids that were found.</summary>
        public bool IsOf(string[] ids, string[] signed) => Ids.AsSpan().SequenceEqual(ids) && Signed.AsSpan().SequenceEqual(signed);

        /// <summary>The value in one place, where its bytes are the same still.</summary>
        public StoredReferenceValue? Same(int place, RedisValue body) =>
            place < Bodies.Length && ((ReadOnlyMemory<byte>)body).Span.SequenceEqual(Bodies[place].Span) ? Values[place] : null;
    }
}
