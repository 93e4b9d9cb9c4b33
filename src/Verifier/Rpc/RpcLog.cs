namespace Verifier.Service.Rpc;

/// <summary>Log messages of the edge, ids 2000 to 2099.</summary>
internal static partial class RpcLog
{
    [LoggerMessage(2000, LogLevel.Error, "Defect in {Method}")]
    public static partial void Defect(ILogger logger, string method, Exception exception);

    [LoggerMessage(2001, LogLevel.Warning, "The store cannot be asked")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "The store must not hold trust as it stands")]
    public static partial void StoreUnfit(ILogger logger, Exception exception);

    [LoggerMessage(2003, LogLevel.Warning, "The key service cannot give what is needed: {Reason}")]
    public static partial void KdsUnavailable(ILogger logger, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "A call of {Method} was refused: {Reason}")]
    public static partial void CallRefused(ILogger logger, string method, string reason);

    [LoggerMessage(2005, LogLevel.Error, "The administrator's token cannot be read: {Fault}")]
    public static partial void TokenUnreadable(ILogger logger, string fault);
}
