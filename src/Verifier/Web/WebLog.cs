namespace Verifier.Service.Web;

/// <summary>Log messages of JSON over HTTP, ids 11000 to 11099.</summary>
internal static partial class WebLog
{
    [LoggerMessage(11000, LogLevel.Error, "An answer in JSON could not be made")]
    public static partial void Defect(ILogger logger, Exception exception);
}
