namespace Verifier.Service.Kds;

/// <summary>Log events of the key service client: one line for each request, and what an operator should look at.</summary>
internal static partial class KdsLog
{
    [LoggerMessage(3000, LogLevel.Information, "Asked the key service for {Kind} of {Product}: {Outcome}, status {Status}, error {Error}, {Bytes} bytes, {Milliseconds} ms, {Path}")]
    public static partial void Fetched(this ILogger logger, string kind, string product, string outcome, int? status, string? error, int bytes, long milliseconds, string path);

    [LoggerMessage(3001, LogLevel.Warning, "The key service throttles: no requests for {Seconds} s")]
    public static partial void Throttled(this ILogger logger, double seconds);

    [LoggerMessage(3002, LogLevel.Error, "The key service refuses us with status {Status}: look at Kds:BaseUrl, Kds:Proxy and the address we come from")]
    public static partial void Refused(this ILogger logger, int? status);

    [LoggerMessage(3003, LogLevel.Error, "The key service gave a {Kind} of {Product} that is not to be trusted: {Fault}")]
    public static partial void Untrusted(this ILogger logger, string kind, string product, string fault);

    [LoggerMessage(3004, LogLevel.Error, "The shared cache held a {Kind} of {Product} that does not verify; it was removed: {Fault}")]
    public static partial void Poisoned(this ILogger logger, string kind, string product, string fault);

    [LoggerMessage(3005, LogLevel.Warning, "The shared certificate cache cannot be asked; going on without it")]
    public static partial void CacheUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Error, "A defect ended a background refresh of {Kind} of {Product}")]
    public static partial void RefreshFailed(this ILogger logger, string kind, string product, Exception exception);

    [LoggerMessage(3007, LogLevel.Warning, "Other instances cannot be asked through the store; asking the key service with this instance's own spacing alone")]
    public static partial void WentAlone(this ILogger logger, Exception exception);

    [LoggerMessage(3009, LogLevel.Information, "Took {Entries} entries from the bundle file with SHA-256 {Hash}")]
    public static partial void BundleLoaded(this ILogger logger, int entries, string hash);

    [LoggerMessage(3010, LogLevel.Error, "The changed bundle file is refused and the old content stays in use: {Fault}")]
    public static partial void BundleRefused(this ILogger logger, string fault);

    [LoggerMessage(3011, LogLevel.Warning, "An entry of the bundle file is no longer valid and is left out: {Entry}")]
    public static partial void BundleEntryExpired(this ILogger logger, string entry);

    [LoggerMessage(3012, LogLevel.Warning, "AMD's key service has no VCEK for a chip of the inventory: {Chip}")]
    public static partial void NotInInventory(this ILogger logger, string chip);

    [LoggerMessage(3013, LogLevel.Information, "The inventory's {Chips} chips were looked for")]
    public static partial void Prewarmed(this ILogger logger, int chips);

    [LoggerMessage(3008, LogLevel.Error, "A defect ended the line of {Lane} before the key service")]
    public static partial void LineFailed(this ILogger logger, string lane, Exception exception);
}
