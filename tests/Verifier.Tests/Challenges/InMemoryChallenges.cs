using System.Collections.Concurrent;
using Verifier.Service.Challenges;

namespace Verifier.Tests.Challenges;

/// <summary>A store double: as simple as the contract allows, and away on demand.</summary>
internal sealed class InMemoryChallenges : IChallengeStore
{
    private readonly ConcurrentDictionary<string, TimeSpan> _kept = new();

    /// <summary>Thrown by every operation when set.</summary>
    public Exception? Fault { get; set; }

    public int Spends { get; private set; }

    /// <summary>Lives of what is kept.</summary>
    public IEnumerable<TimeSpan> Lives => _kept.Values;

    public Task<bool> TryAddAsync(string tenant, ReadOnlyMemory<byte> challenge, TimeSpan life, int most, CancellationToken cancellation) =>
        Fault is { } fault
            ? Task.FromException<bool>(fault)
            : Task.FromResult(_kept.Count < most && _kept.TryAdd(Key(tenant, challenge), life));

    public Task<bool> TrySpendAsync(string tenant, ReadOnlyMemory<byte> challenge, CancellationToken cancellation)
    {
        Spends++;
        return Fault is { } fault ? Task.FromException<bool>(fault) : Task.FromResult(_kept.TryRemove(Key(tenant, challenge), out _));
    }

    private static string Key(string tenant, ReadOnlyMemory<byte> challenge) => $"{tenant}/{Convert.ToHexString(challenge.Span)}";
}
