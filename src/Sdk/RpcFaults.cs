using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Verifier.Sdk;

/// <summary>Failed calls in the words of this library.</summary>
internal static class RpcFaults
{
    private const long MostDelaySeconds = 24 * 60 * 60;

    /// <summary>Whether another try can end otherwise.</summary>
    public static bool IsPassing(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => true,
        StatusCode.ResourceExhausted => RetryAfter(e) is not null,
        _ => false,
    };

    public static TimeSpan? RetryAfter(RpcException e) =>
        Detail<RetryInfo>(e)?.RetryDelay is { Seconds: >= 0 and <= MostDelaySeconds, Nanos: >= 0 and < 1_000_000_000 } delay ? delay.ToTimeSpan() : null;

    public static VerifierException Of(RpcException e)
    {
        string? reason = Detail<ErrorInfo>(e)?.Reason;
        string message = $"{e.Status.Detail} ({reason ?? e.StatusCode.ToString()})";
        bool isOutage = IsPassing(e) || e.StatusCode is StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted or StatusCode.DataLoss or StatusCode.Cancelled;
        return isOutage
            ? new VerifierUnavailableException(message, reason, RetryAfter(e), e)
            : new VerifierRequestException(message, e.StatusCode, reason, e);
    }

    // Details are a help; a broken one must not hide the failure itself.
    private static T? Detail<T>(RpcException e)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return e.Trailers.GetRpcStatus(ignoreParseError: true)?.GetDetail<T>();
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
