namespace Verifier.Service.Log;

/// <summary>What following the logs writes to the service's own log.</summary>
internal static partial class FollowerLog
{
    [LoggerMessage(EventId = 7601, Level = LogLevel.Information, Message = "The log of tenant '{Tenant}' is read: {Size} entries, root {Root}.")]
    public static partial void LogLoaded(this ILogger logger, string tenant, long size, Ledger.TreeHash root);

    [LoggerMessage(EventId = 7602, Level = LogLevel.Critical, Message = "ALARM: the registry of tenant '{Tenant}' is refused, {Reason}: {Detail}")]
    public static partial void LogRefused(this ILogger logger, string tenant, string reason, string detail);

    [LoggerMessage(EventId = 7603, Level = LogLevel.Information, Message = "The registry of tenant '{Tenant}' is as its log says again.")]
    public static partial void LogRecovered(this ILogger logger, string tenant);

    [LoggerMessage(EventId = 7604, Level = LogLevel.Critical, Message = "ALARM: tenant '{Tenant}': {What} contradicts the log; the call was refused.")]
    public static partial void RecordContradictsLog(this ILogger logger, string tenant, string what);

    [LoggerMessage(EventId = 7605, Level = LogLevel.Warning, Message = "The highest head of tenant '{Tenant}' cannot be kept in the data directory; a rollback during a restart would go unnoticed here: {Reason}")]
    public static partial void HeadNotKept(this ILogger logger, string tenant, string reason);

    [LoggerMessage(EventId = 7606, Level = LogLevel.Warning, Message = "The log of tenant '{Tenant}' cannot be read now: {Reason}")]
    public static partial void LogUnreadable(this ILogger logger, string tenant, string reason);

    [LoggerMessage(EventId = 7607, Level = LogLevel.Warning, Message = "The rollback of tenant '{Tenant}' to {Size}:{Root} is accepted, as Log:AcceptRollback says.")]
    public static partial void RollbackAccepted(this ILogger logger, string tenant, long size, Ledger.TreeHash root);

    [LoggerMessage(EventId = 7610, Level = LogLevel.Warning, Message = "The log of tenant '{Tenant}' is another one behind entry {Confirmed}: a fail-over has lost changes that nobody was told of. It is read anew.")]
    public static partial void TailLost(this ILogger logger, string tenant, long confirmed);

    [LoggerMessage(EventId = 7609, Level = LogLevel.Error, Message = "A defect ended the audit of tenant '{Tenant}'")]
    public static partial void AuditFailed(this ILogger logger, string tenant, Exception exception);

    [LoggerMessage(EventId = 7608, Level = LogLevel.Error, Message = "A defect ended following the log of tenant '{Tenant}'")]
    public static partial void FollowingFailed(this ILogger logger, string tenant, Exception exception);
}
