namespace Verifier.Service.Identity;

/// <summary>Log messages about identities, ids 9000 to 9099.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(9000, LogLevel.Warning, "The keys of issuer {Issuer} cannot be had: {Fault}")]
    public static partial void KeysUnavailable(ILogger logger, string issuer, string fault);

    [LoggerMessage(9001, LogLevel.Information, "Fetched {Count} keys of issuer {Issuer}")]
    public static partial void KeysFetched(ILogger logger, string issuer, int count);

    [LoggerMessage(9002, LogLevel.Error, "Rule {Rule} of tenant {Tenant} cannot be understood and gives nothing to anyone")]
    public static partial void RuleUnreadable(ILogger logger, string tenant, string rule);

    [LoggerMessage(9003, LogLevel.Warning, "verifierctl will not find the administrator's token by itself: {Fault}")]
    public static partial void PointerNotWritten(ILogger logger, string fault);
}
