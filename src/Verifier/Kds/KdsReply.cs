namespace Verifier.Service.Kds;

/// <summary>How one request to the key service ended, before anybody looked at the body.</summary>
internal enum KdsReplyKind
{
    Unreachable = 0,
    Ok = 1,
    NotFound = 2,
    Throttled = 3,
    Refused = 4,
    ServerError = 5,
    TimedOut = 6,
    Redirected = 7,
    TooLarge = 8,
    Encoded = 9,
    CircuitOpen = 10,
}

/// <summary>One reply. <paramref name="RetryAfter"/> is what a 429 demanded, if it did.</summary>
internal sealed record KdsReply(KdsReplyKind Kind, int? Status, ReadOnlyMemory<byte> Body = default, TimeSpan? RetryAfter = null, string? Error = null)
{
    /// <summary>Label of metrics and logs.</summary>
    public string Label => Kind switch
    {
        KdsReplyKind.Ok => "ok",
        KdsReplyKind.NotFound => "not_found",
        KdsReplyKind.Throttled => "throttled",
        KdsReplyKind.Refused => "refused",
        KdsReplyKind.ServerError => "server_error",
        KdsReplyKind.TimedOut => "timeout",
        KdsReplyKind.Redirected => "redirected",
        KdsReplyKind.TooLarge => "too_large",
        KdsReplyKind.Encoded => "encoded",
        KdsReplyKind.CircuitOpen => "circuit_open",
        _ => "unreachable",
    };
}
