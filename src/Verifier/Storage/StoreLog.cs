namespace Verifier.Service.Storage;

/// <summary>What the store writes to the log.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "Store: {Description}.")]
    public static partial void StoreChosen(this ILogger logger, string description);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Information, Message = "The store answers.")]
    public static partial void StoreAnswers(this ILogger logger);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Warning, Message = "The store cannot be asked: {Reason}")]
    public static partial void StoreUnavailable(this ILogger logger, string reason, Exception exception);

    [LoggerMessage(EventId = 7004, Level = LogLevel.Error, Message = "The store must not be used as it stands: {Reason}")]
    public static partial void StoreUnfit(this ILogger logger, string reason, Exception exception);

    [LoggerMessage(EventId = 7005, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void StoreWeakened(this ILogger logger, string warning);

    [LoggerMessage(EventId = 7006, Level = LogLevel.Error, Message = "A defect ended a question to the store")]
    public static partial void StoreFailed(this ILogger logger, Exception exception);
}
