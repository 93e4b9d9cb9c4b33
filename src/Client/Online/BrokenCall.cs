using Grpc.Core;

namespace Verifier.Client.Online;

/// <summary>
/// Calls that reached the service and were not ended by it: the connection was lost, or somebody on the way reset the stream. The status of such a call is what
/// gRPC's library makes of it, and may be INTERNAL or CANCELLED.
/// </summary>
internal static class BrokenCall
{
    // A connection that was never made shows otherwise: as an error of the socket, or of HTTP's connecting.
    public static bool Is(RpcException e) => Causes(e).Any(c => c is IOException) && !Causes(e).Any(c => c is OperationCanceledException || IsOfConnecting(c));

    /// <summary>What cut it off.</summary>
    public static string Cause(RpcException e) => Causes(e).Last().Message;

    private static bool IsOfConnecting(Exception cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private static IEnumerable<Exception> Causes(RpcException e)
    {
        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
