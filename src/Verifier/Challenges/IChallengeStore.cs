namespace Verifier.Service.Challenges;

/// <summary>
/// Keeps issued challenges until they are used up or expire. One store serves all replicas. A store that cannot be asked throws
/// <see cref="Registry.StoreUnavailableException"/>: whether a challenge was used is then not known, and nothing is decided.
/// </summary>
internal interface IChallengeStore
{
    /// <summary>Keeps a challenge for its life; false, and nothing kept, when the tenant has <paramref name="most"/> that still serve.</summary>
    Task<bool> TryAddAsync(string tenant, ReadOnlyMemory<byte> challenge, TimeSpan life, int most, CancellationToken cancellation);

    /// <summary>
    /// Uses a challenge up: true for exactly one caller, and only while it lives. A caller that gives up waiting may have used it up.
    /// </summary>
    Task<bool> TrySpendAsync(string tenant, ReadOnlyMemory<byte> challenge, CancellationToken cancellation);
}
