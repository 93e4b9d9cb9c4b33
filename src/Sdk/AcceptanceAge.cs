using Grpc.Core;

namespace Verifier.Sdk;

/// <summary>
/// Throws away acceptances that come too late to be used, for those who call the service by its contract: a process or machine that stood still may have
/// decided before the guest was revoked. <see cref="VerifierClient"/> does so by itself.
/// </summary>
public static class AcceptanceAge
{
    /// <summary>Within which time of its question an acceptance must be here to be used, where nothing else is wanted: 2 seconds, the bound of revocations.</summary>
    public static TimeSpan Most { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Asks once. Whether to ask anew is the caller's business: a challenge has been used up.</summary>
    /// <typeparam name="T">The kind of answer.</typeparam>
    /// <param name="ask">Asks.</param>
    /// <param name="isAcceptance">Whether an answer accepts; every other one is given, however late.</param>
    /// <param name="within">Within which time of the question an acceptance must be here.</param>
    /// <param name="clock">The clock that the time goes by.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="RpcException">An acceptance came too late (<see cref="IsExceeded"/>), or whatever asking failed with.</exception>
    public static async Task<T> DemandAsync<T>(Func<Task<T>> ask, Func<T, bool> isAcceptance, TimeSpan within, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(isAcceptance);
        ArgumentNullException.ThrowIfNull(clock);
        long asked = clock.GetTimestamp();
        T answer = await ask();
        TimeSpan taken = clock.GetElapsedTime(asked);
        return taken > within && isAcceptance(answer) ? throw RpcFaults.AcceptedTooLate(taken, within) : answer;
    }

    /// <summary>Whether a failure is an acceptance that came too late.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsExceeded(RpcException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return RpcFaults.IsTooLate(failure);
    }
}
