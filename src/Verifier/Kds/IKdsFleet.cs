namespace Verifier.Service.Kds;

/// <summary>
/// What the instances of the service agree on before one of them asks AMD's key service. It makes requests fewer and calmer and decides
/// nothing else: whatever is fetched or shared is verified by whoever uses it. An agreement that cannot be reached throws
/// <see cref="Registry.StoreUnavailableException"/> or <see cref="Registry.StoreUnfitException"/>; the instance then goes on alone.
/// </summary>
internal interface IKdsFleet
{
    /// <summary>Takes the lease of a name, or tells who has it.</summary>
    Task<KdsLease> TryLeaseAsync(string key, string holder, TimeSpan life, CancellationToken cancellation);

    /// <summary>Keeps a lease that is held for longer.</summary>
    Task RenewLeaseAsync(string key, TimeSpan life, CancellationToken cancellation);

    /// <summary>
    /// Gives a lease up. With a mark, which tells how it ended, nobody gets it again for <paramref name="life"/>; without one, anybody does.
    /// </summary>
    Task EndLeaseAsync(string key, string? mark, TimeSpan life, CancellationToken cancellation);

    /// <summary>Takes a turn, so that nobody takes another for the length of a spacing.</summary>
    /// <returns>Zero when it was taken; else how long until it is worth trying again.</returns>
    Task<TimeSpan> TryTakeTurnAsync(KdsLane lane, TimeSpan spacing, CancellationToken cancellation);

    /// <summary>What is left of the pause that the key service demanded of anyone.</summary>
    Task<TimeSpan> PauseLeftAsync(CancellationToken cancellation);

    /// <summary>Nobody asks for so long. A longer pause that is in force stays.</summary>
    Task PauseAsync(TimeSpan length, CancellationToken cancellation);
}

/// <summary>The answer to the wish for a lease.</summary>
/// <param name="IsOurs">It was taken.</param>
/// <param name="Mark">How the work of another ended, while that still holds.</param>
internal readonly record struct KdsLease(bool IsOurs, string? Mark);

/// <summary>Who stands in one line. AMD throttles by leaf; what everybody needs must not stand behind ten thousand chips.</summary>
internal enum KdsLane
{
    /// <summary>VCEKs: one for each spacing.</summary>
    Leaves = 0,

    /// <summary>Chains and lists, of which there are at most twelve: as many for each spacing, but the first few at once.</summary>
    Issuers = 1,
}

internal static class KdsLanes
{
    /// <summary>Chains and lists that may be asked for at once after a calm time.</summary>
    public const int IssuersAtOnce = 4;

    public static KdsLane Lane(this KdsItem item) => item.Kind == KdsItemKind.Vcek ? KdsLane.Leaves : KdsLane.Issuers;

    /// <summary>How many turns of a lane may be taken at one time; each is then taken for as many spacings.</summary>
    public static int Places(this KdsLane lane) => lane == KdsLane.Issuers ? IssuersAtOnce : 1;

    public static string Label(this KdsLane lane) => lane == KdsLane.Issuers ? "issuers" : "leaves";
}
