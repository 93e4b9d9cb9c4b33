namespace Verifier.Service.Storage.Redis;

/// <summary>
/// One round of proof: a write, and how many replicas had acknowledged it afterwards. Whatever was written before the round began was
/// acknowledged with it.
/// </summary>
/// <param name="At">When it began, on the monotonic clock.</param>
/// <param name="HistoryId">The history that was proven.</param>
/// <param name="Connected">How many replicas were connected at its end.</param>
/// <param name="Acknowledged">How many of them had the write.</param>
/// <param name="Known">The largest number of replicas that this history has ever had.</param>
internal sealed record RedisRound(long At, string HistoryId, int Connected, int Acknowledged, int Known)
{
    /// <summary>How many replicas have synced it to their disks; null where that was not asked.</summary>
    public int? Synced { get; init; }
}

/// <summary>What a round must show, by the number of replicas that are expected: <c>Store:Redis:Replicas</c>, or as many as were ever seen.</summary>
internal static class ReplicaRules
{
    /// <summary>
    /// With the primary itself a majority. Two primaries cannot both have one: a replica follows a single primary at a time. So nothing is
    /// acknowledged by a new primary as long as the old one still proves itself.
    /// </summary>
    public static int Majority(int replicas) => (replicas + 1) / 2;

    public static bool ProvesPrimary(RedisRound round, int? expected) => round.Acknowledged >= Majority(expected ?? round.Known);

    /// <summary>
    /// Every replica may be made the primary, so each must have it: all that are connected, and as many as are expected. One that has left may have
    /// been made the primary at that very moment, so those ever seen count where nothing else is said.
    /// </summary>
    public static bool ProvesChange(RedisRound round, int? expected) =>
        round.Acknowledged == round.Connected && round.Acknowledged >= Needed(round, expected) && (round.Synced ?? int.MaxValue) >= round.Acknowledged;

    /// <summary>Whether waiting longer could help.</summary>
    public static bool MayStillProveChange(RedisRound round, int? expected) => round.Connected >= Needed(round, expected);

    private static int Needed(RedisRound round, int? expected) => expected ?? round.Known;
}
