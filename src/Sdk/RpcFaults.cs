using System.Globalization;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Verifier.Sdk;

/// <summary>Failed calls in the words of this library.</summary>
internal static class RpcFaults
{
    private const string PushbackTrailer = "grpc-retry-pushback-ms";
    private const string DeadlineTooShort = "DEADLINE_TOO_SHORT";
    private const string TooLate = "ACCEPTED_TOO_LATE";
    private const long NoError = 0;
    private const long MostDelaySeconds = 24 * 60 * 60;

    /// <summary>Whether another try can end otherwise.</summary>
    public static bool IsPassing(RpcException e) => !IsForbidden(e) && e.StatusCode switch
    {
        StatusCode.Unavailable => true,

        // Told by the service before anything was begun: the same time would be too short again.
        StatusCode.DeadlineExceeded => Detail<ErrorInfo>(e)?.Reason != DeadlineTooShort,
        StatusCode.ResourceExhausted => RetryAfter(e) is not null,
        _ => IsLeaving(e),
    };

    /// <summary>
    /// Whether the service closed the connection in good order (GOAWAY with NO_ERROR) as the call was on its way to it: another instance, or this one when it is
    /// back, can answer. gRPC makes INTERNAL of it, as of faults that are the service's own and come with no such exception.
    /// </summary>
    private static bool IsLeaving(RpcException e) => Causes(e).OfType<HttpProtocolException>().FirstOrDefault() is { ErrorCode: NoError };

    /// <summary>
    /// Whether the call has reached no service: nobody took the connection, or whoever did was leaving. Repeating such a call is no burden for anybody, however
    /// many are repeated at once, as when an instance is replaced; gRPC calls that a transparent retry.
    /// </summary>
    public static bool ReachedNobody(RpcException e) =>
        IsLeaving(e) || (e.StatusCode == StatusCode.Unavailable && Causes(e).OfType<SocketException>().Any(s => s.SocketErrorCode == SocketError.ConnectionRefused));

    private static IEnumerable<Exception> Causes(RpcException e)
    {
        for (Exception? cause = e.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    /// <summary>Whether the service is not away but busy: it refused to begin, and told when to come back; or it accepted, too late.</summary>
    public static bool IsPaced(RpcException e) =>
        (e.StatusCode == StatusCode.ResourceExhausted && RetryAfter(e) is not null) || IsTooLate(e);

    /// <summary>When to come back, by the details of the error or else by gRPC's own pushback; null when nothing is said of it.</summary>
    public static TimeSpan? RetryAfter(RpcException e) =>
        Detail<RetryInfo>(e)?.RetryDelay is { Seconds: >= 0 and <= MostDelaySeconds, Nanos: >= 0 and < 1_000_000_000 } delay ? delay.ToTimeSpan()
        : Pushback(e) is >= 0 and <= MostDelaySeconds * 1000 and var milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
        : null;

    // By gRPC's rules anything but a number that is not negative forbids another try.
    private static bool IsForbidden(RpcException e) => e.Trailers.Any(t => t.Key == PushbackTrailer) && Pushback(e) is not >= 0;

    private static long? Pushback(RpcException e) =>
        e.Trailers.LastOrDefault(t => t.Key == PushbackTrailer && !t.IsBinary) is { } told && long.TryParse(told.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            ? milliseconds : null;

    /// <summary>An acceptance that is not used, as the deadline that it missed: what was asked can be asked again.</summary>
    public static RpcException AcceptedTooLate(TimeSpan taken, TimeSpan most) => new LateAcceptanceException(new Google.Rpc.Status
    {
        Code = (int)StatusCode.DeadlineExceeded,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"The acceptance came {taken.TotalSeconds:0.###} s after the question; what was decided may be as old, and after {most.TotalSeconds:0.###} s it is not used"),
        Details = { Any.Pack(new ErrorInfo { Reason = TooLate, Domain = "verifier.sdk" }) },
    }.ToRpcException());

    /// <summary>Whether that was found here. A service that says so has accepted nothing, and is not asked again for its words.</summary>
    public static bool IsTooLate(RpcException e) => e is LateAcceptanceException;

    public static VerifierException Of(RpcException e)
    {
        string? reason = Detail<ErrorInfo>(e)?.Reason;
        string message = $"{e.Status.Detail} ({reason ?? e.StatusCode.ToString()})";
        bool isOutage = IsPassing(e) || IsForbidden(e) || e.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted or StatusCode.DataLoss or StatusCode.Cancelled;
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

    private sealed class LateAcceptanceException(RpcException told) : RpcException(told.Status, told.Trailers);
}
