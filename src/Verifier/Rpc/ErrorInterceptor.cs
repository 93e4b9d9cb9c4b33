using Grpc.Core;
using Grpc.Core.Interceptors;
using Verifier.Service.Admission;
using Verifier.Service.Health;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Policies;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;

namespace Verifier.Service.Rpc;

/// <summary>The one place where exceptions become statuses. What is not known here is a defect: fixed text to the caller, the rest to the log.</summary>
internal sealed class ErrorInterceptor(CallMetrics metrics, ILogger<ErrorInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);
    private const string NotDurable =
        "not every server that could take over has the change; it may stand or be lost: repeat the call with the same request id to find out";

    private static readonly TimeSpan NotReadyRetry = TimeSpan.FromSeconds(10);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (!IsOurs(e, context))
        {
            throw ToStatus(e, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception e) when (!IsOurs(e, context))
        {
            throw ToStatus(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (!IsOurs(e, context))
        {
            throw ToStatus(e, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (!IsOurs(e, context))
        {
            throw ToStatus(e, context);
        }
    }

    /// <summary>The status that a call, or one item of a stream, ends with.</summary>
    public RpcException ToStatus(Exception exception, ServerCallContext context)
    {
        RpcException status = Mapped(exception, context);
        metrics.CountShed(status, LaneOf(context));
        if (ReasonOf(exception, context) is { } reason)
        {
            metrics.Failed(reason);
        }

        return status;
    }

    // An error that a method made itself passes on as it is, and is counted on its way.
    private bool IsOurs(Exception exception, ServerCallContext context)
    {
        if (exception is not RpcException own)
        {
            return false;
        }

        metrics.CountShed(own, LaneOf(context));
        return true;
    }

    private static string LaneOf(ServerCallContext context) => MethodLanes.Of(context.Method)?.Lane?.Name() ?? "none";

    /// <summary>Why nothing was decided, where that lies with the service or what it depends on; null where it lies with the caller.</summary>
    private static string? ReasonOf(Exception exception, ServerCallContext context) => exception switch
    {
        StoreNotDurableException => ErrorReasons.NotDurable,
        StoreUnavailableException => ErrorReasons.StoreUnavailable,
        StoreUnfitException => ErrorReasons.StoreUnfit,
        LogNotLoadedException => ErrorReasons.LogNotLoaded,
        LogRefusedException refused => refused.Reason,
        NotReadyException => ErrorReasons.NotReady,
        KdsUnavailableException kds => kds.Reason,
        RpcException or ExpectationNotAdmittedException or TokensOffException or NotAdmittedException => null,
        _ when IsOfLeaving(exception, context) => null,
        _ => ErrorReasons.InternalDefect,
    };

    // The library's own health service writes to whoever has left already, and is told so by this.
    private static bool IsOfLeaving(Exception exception, ServerCallContext context) => context.CancellationToken.IsCancellationRequested
        && (exception is OperationCanceledException || (exception is InvalidOperationException && context.Method == "/grpc.health.v1.Health/Watch"));

    private RpcException Mapped(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RpcException own:
                return own;
            case NotAdmittedException busy:
                return AdmissionErrors.New(busy.Refusal);
            case StoreNotDurableException:
                RpcLog.StoreUnavailable(logger, exception);
                return RpcErrors.Unavailable(ErrorReasons.NotDurable, NotDurable, StoreRetry);
            case StoreUnavailableException:
                RpcLog.StoreUnavailable(logger, exception);
                return RpcErrors.Unavailable(ErrorReasons.StoreUnavailable, "the registry cannot be asked now; nothing was decided", StoreRetry);
            case StoreUnfitException unfit:
                RpcLog.StoreUnfit(logger, exception);
                return RpcErrors.Precondition(
                    ErrorReasons.StoreUnfit,
                    $"the registry must not be trusted as it stands; nothing was decided{(unfit.Fix is null ? "" : $": {unfit.Fix}")}",
                    "store");
            case LogNotLoadedException:
                return RpcErrors.Unavailable(ErrorReasons.LogNotLoaded, "the log of the registry is still being read; nothing was decided", StoreRetry);
            case LogRefusedException refused:
                return RpcErrors.Precondition(refused.Reason, LogRefusals.Text(refused.Reason), $"tenants/{refused.Tenant}");
            case ExpectationNotAdmittedException stated:
                return PolicyMapping.NotAdmitted(stated);
            case NotReadyException:
                return RpcErrors.Unavailable(ErrorReasons.NotReady, "the service has not passed its self-test; nothing was decided", NotReadyRetry);
            case KdsUnavailableException { Reason: KdsReasons.CallerLimit, RetryAfter: { } retry } kds:
                RpcLog.KdsUnavailable(logger, kds.Reason);
                return RpcErrors.Busy(kds.Reason, "this caller has as many unknown chips looked for as one may have; nothing was decided", retry);
            case KdsUnavailableException { RetryAfter: { } retry } kds:
                RpcLog.KdsUnavailable(logger, kds.Reason);
                return RpcErrors.Unavailable(kds.Reason, "a needed certificate cannot be had from AMD's key service now; nothing was decided", retry);
            case KdsUnavailableException kds:
                return RpcErrors.Precondition(kds.Reason, "a needed certificate is not at hand and is not fetched: it must come with the evidence", "certificates");
            case TokensOffException off:
                return RpcErrors.Precondition(ErrorReasons.TokensOff, off.Message, "result");
            case Exception when IsOfLeaving(exception, context):
                // A passed deadline is answered by the server itself before this is reached.
                return RpcErrors.Plain(StatusCode.Cancelled, ErrorReasons.Cancelled, "the caller cancelled");
            default:
                RpcLog.Defect(logger, context.Method, exception);
                return RpcErrors.Plain(StatusCode.Internal, ErrorReasons.InternalDefect, "a defect of the service; nothing was decided");
        }
    }
}
