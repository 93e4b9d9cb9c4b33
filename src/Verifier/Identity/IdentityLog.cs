namespace Verifier.Service.Identity;

/// <summary>Log messages about identities, ids 9000 to 9099.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(9000, LogLevel.Warning, "The keys of issuer {Issuer} cannot be had: {Fault}")]
    public static partial void KeysUnavailable(ILogger logger, string issuer, string fault);

    [LoggerMessage(9001, LogLevel.Information, "Fetched {Count} keys of issuer {Issuer}")]
    public static partial void KeysFetched(ILogger logger, string issuer, int count);
}
