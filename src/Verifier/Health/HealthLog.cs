namespace Verifier.Service.Health;

/// <summary>Log messages of health, ids 5000 to 5099.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(5000, LogLevel.Information, "Self-test passed: {Count} reports judged as expected")]
    public static partial void SelfTestPassed(ILogger logger, int count);

    [LoggerMessage(5001, LogLevel.Critical, "Self-test failed, the service stays not ready: {Fault}")]
    public static partial void SelfTestFailed(ILogger logger, string fault);
}
