namespace Verifier.Service.Admission;

/// <summary>What a call is for, in the order in which those who wait are served.</summary>
internal enum Lane
{
    /// <summary>Takes trust away, or may: a revocation must get through when nothing else does.</summary>
    Revocation = 0,

    /// <summary>What a guest needs before it can ask.</summary>
    Challenge = 1,

    /// <summary>Judges a guest, which does not boot before that.</summary>
    Verify = 2,

    /// <summary>Tells what there is.</summary>
    Read = 3,

    /// <summary>Gives trust: registering, measuring, approving.</summary>
    Registration = 4,
}

/// <summary>The lanes as lists and words.</summary>
internal static class Lanes
{
    public const int Count = 5;

    /// <summary>
    /// How many times as long a queue each lane may have. Whoever revokes or registers rather waits a second than is refused, and is in
    /// nobody's way meanwhile, since each lane waits by itself; for a guest an answer at once is worth more, whatever it is.
    /// </summary>
    private static readonly double[] Patience = [50, 1, 1, 10, 50];

    private static readonly string[] Names = ["revocation", "challenge", "verify", "read", "registration"];

    public static IReadOnlyList<string> All => Names;

    public static string Name(this Lane lane) => Names[(int)lane];

    public static double QueueFactor(this Lane lane) => Patience[(int)lane];

    /// <summary>Most of the shared places that a lane may have at a time: only guests that wait may have all of them.</summary>
    public static int MostOf(this Lane lane, int places) => lane switch
    {
        Lane.Revocation or Lane.Verify => places,
        Lane.Registration => Math.Max(1, places / 4),
        _ => Math.Max(1, places / 2),
    };
}
