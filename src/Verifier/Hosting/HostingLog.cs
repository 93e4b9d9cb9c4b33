namespace Verifier.Service.Hosting;

/// <summary>Log messages of the host, ids 1000 to 1099.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1000, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(1001, LogLevel.Information, "Health probes on {Address}")]
    public static partial void Probing(ILogger logger, string address);

    [LoggerMessage(1002, LogLevel.Warning, "UNSAFE: {Setting} is set: the service accepts what it should refuse, see docs/configuration.md")]
    public static partial void UnsafeSetting(ILogger logger, string setting);

    [LoggerMessage(1003, LogLevel.Information, "New TLS certificate in use, valid until {NotAfter}")]
    public static partial void TlsReloaded(ILogger logger, DateTime notAfter);

    [LoggerMessage(1004, LogLevel.Error, "The changed TLS files are refused, the old certificate stays in use: {Fault}")]
    public static partial void TlsReloadRefused(ILogger logger, string fault);

    [LoggerMessage(1005, LogLevel.Information, "Stopping: told clients to go elsewhere, draining")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(1006, LogLevel.Information, "Keys of result tokens on {Address}")]
    public static partial void PublishingKeys(ILogger logger, string address);

    [LoggerMessage(1007, LogLevel.Information, "Metrics on {Address}")]
    public static partial void ServingMetrics(ILogger logger, string address);

    [LoggerMessage(1019, LogLevel.Warning, "At most {Connections} connections at a time instead of {Wanted} (Server:MaxConnections): the system lets this process open {Files} files")]
    public static partial void ConnectionsLowered(ILogger logger, int connections, int wanted, int files);

    [LoggerMessage(1010, LogLevel.Information, "JSON and gRPC-Web on {Address}")]
    public static partial void ServingWeb(ILogger logger, string address);
}
