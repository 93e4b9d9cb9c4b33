namespace Verifier.Client.Bench;

/// <summary>A request as bytes.</summary>
/// <param name="Request">What is sent.</param>
/// <param name="IsCold">Whether it asks about a chip for the first time.</param>
internal readonly record struct MixedRequest(byte[] Request, bool IsCold);

/// <summary>
/// Which request the call of a number makes: chips that are known one after the other, and between them, evenly spread, chips that are new and
/// evidence that must be refused.
/// </summary>
/// <param name="warm">One request for each known chip.</param>
internal sealed class RequestMix(IReadOnlyList<byte[]> warm)
{
    private long _warmMade;
    private long _falsifiedMade;
    private long _coldMade;

    /// <summary>The same requests with falsified evidence.</summary>
    public IReadOnlyList<byte[]> Falsified { get; init; } = [];

    /// <summary>One request for each new chip; each serves once.</summary>
    public IReadOnlyList<byte[]> Cold { get; init; } = [];

    /// <summary>How many of a hundred calls have falsified evidence.</summary>
    public int RejectShare { get; init; }

    /// <summary>How many of a hundred other calls ask about a new chip, as long as there are such.</summary>
    public int ColdShare { get; init; }

    /// <summary>The request about the first known chip.</summary>
    public byte[] First => warm[0];

    /// <summary>How many known chips there are.</summary>
    public int WarmCount => warm.Count;

    /// <summary>How many new chips have been asked about.</summary>
    public long ColdUsed => Math.Min(Interlocked.Read(ref _coldMade), Cold.Count);

    /// <summary>The same without new chips: for what comes before and after that which is measured.</summary>
    public RequestMix WithoutCold() => new(warm) { Falsified = Falsified, RejectShare = RejectShare };

    public MixedRequest Of(long number)
    {
        if (IsChosen(number, RejectShare))
        {
            return new(Turn(Falsified, ref _falsifiedMade), false);
        }

        // By the number of calls that are not falsified, so that one share says nothing of the other.
        long honest = number - (number * RejectShare / 100);
        if (IsChosen(honest, ColdShare) && Interlocked.Increment(ref _coldMade) - 1 is var next && next < Cold.Count)
        {
            return new(Cold[(int)next], true);
        }

        return new(Turn(warm, ref _warmMade), false);
    }

    private static byte[] Turn(IReadOnlyList<byte[]> requests, ref long made) => requests[(int)((Interlocked.Increment(ref made) - 1) % requests.Count)];

    private static bool IsChosen(long number, int percent) => (number + 1) * percent / 100 > number * percent / 100;
}
