namespace Verifier.Service.Kds;

/// <summary>How an attempt to get something ended.</summary>
internal abstract record KdsOutcome
{
    private KdsOutcome()
    {
    }

    /// <summary>At hand and verified.</summary>
    public sealed record Found(KdsMaterial Material) : KdsOutcome;

    /// <summary>The key service said definitely that there is none (404).</summary>
    public sealed record NoSuch : KdsOutcome
    {
        public static readonly NoSuch Instance = new();
    }

    /// <summary>Cannot be had now.</summary>
    public sealed record Unavailable(string Reason, string Message, TimeSpan? RetryAfter) : KdsOutcome
    {
        /// <summary>True when the key service was really asked, so that asking again at once is of no use.</summary>
        public bool WasAsked { get; init; }

        /// <summary>True when it says nothing of the item, but that this call cannot wait for it.</summary>
        public bool IsAboutTheCall { get; init; }

        public KdsUnavailableException ToException() => new(Reason, Message, RetryAfter);
    }
}

/// <summary>The reasons for which something cannot be had: stable words of the API.</summary>
internal static class KdsReasons
{
    public const string NoSuchCertificate = "KDS_NO_SUCH_CERTIFICATE";
    public const string Unreachable = "KDS_UNREACHABLE";
    public const string Throttled = "KDS_THROTTLED";
    public const string BadAnswer = "KDS_BAD_ANSWER";
    public const string Mismatch = "KDS_MISMATCH";
    public const string Offline = "KDS_OFFLINE";

    /// <summary>The line before the key service is longer than the call can wait, or full.</summary>
    public const string Busy = "KDS_BUSY";

    /// <summary>The caller has as many unknown chips in the line as one may have.</summary>
    public const string CallerLimit = "KDS_CALLER_LIMIT";

    // Callers come back before they are forgotten, and not all at the end of a long line.
    private static readonly TimeSpan LongestAdvice = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    public static KdsOutcome.Unavailable IsUnreachable(bool wasAsked) =>
        new(Unreachable, "AMD's key service cannot be reached, and what is needed is not cached.", Soon) { WasAsked = wasAsked };

    public static KdsOutcome.Unavailable IsThrottled(TimeSpan remaining) =>
        new(Throttled, "AMD's key service asked us to wait, and what is needed is not cached.", AtLeastASecond(remaining)) { IsAboutTheCall = true };

    public static KdsOutcome.Unavailable IsBusy(TimeSpan expected) => new(
        Busy,
        "AMD's key service may be asked only so often, and the wait is longer than this call has.",
        AtLeastASecond(expected < LongestAdvice ? expected : LongestAdvice)) { IsAboutTheCall = true };

    public static KdsOutcome.Unavailable IsCallerLimit() =>
        new(CallerLimit, "This caller has as many unknown chips looked for as one may have.", Soon) { IsAboutTheCall = true };

    /// <summary>The failure that another instance told of, or null for a word that is none.</summary>
    public static KdsOutcome? FromMark(string reason) => reason switch
    {
        NoSuchCertificate => KdsOutcome.NoSuch.Instance,
        Unreachable => IsUnreachable(wasAsked: true),
        BadAnswer => IsBadAnswer(),
        Mismatch => IsMismatch(),
        _ => null,
    };

    private static TimeSpan AtLeastASecond(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : time;

    public static KdsOutcome.Unavailable IsBadAnswer() =>
        new(BadAnswer, "AMD's key service gave an answer that is not what was asked for.", Later) { WasAsked = true };

    public static KdsOutcome.Unavailable IsMismatch() =>
        new(Mismatch, "AMD's key service gave a certificate that does not verify for this chip, TCB and product.", Later) { WasAsked = true };

    public static KdsOutcome.Unavailable IsOffline() =>
        new(Offline, "What is needed came neither with the evidence nor from the cache, and Kds:Mode is Offline.", null);
}
