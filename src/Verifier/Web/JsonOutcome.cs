using System.Text.Json;
using Grpc.Core;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Web;

/// <summary>
/// The answers of JSON calls. One is written only when it is whole, so that nobody takes half a verdict for one, and every error is
/// one of ours: reasons and fixed texts, never what some library says of it.
/// </summary>
internal sealed class JsonOutcome(ILogger<JsonOutcome> logger)
{
    private const int MostToDrain = 64 * 1024;

    /// <summary>Makes a call and writes its answer.</summary>
    public async Task OfAsync(HttpContext context, WebDeadline deadline, RequestDelegate next, CancellationToken caller)
    {
        Stream wire = context.Response.Body;
        using MemoryStream answer = new();
        context.Response.Body = answer;
        bool isWhole = false;
        try
        {
            await next(context);
            isWhole = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            WebLog.Defect(logger, e);
        }
        catch (OperationCanceledException)
        {
            // Told below, if there still is somebody to tell.
        }

        context.Response.Body = wire;
        context.RequestAborted = caller;
        if (caller.IsCancellationRequested)
        {
            context.Features.Set(new CallOutcome(StatusCode.Cancelled));
            return;
        }

        ReadOnlyMemory<byte> body = answer.GetBuffer().AsMemory(0, (int)answer.Length);
        bool isOk = isWhole && context.Response.StatusCode == StatusCodes.Status200OK && body.Length > 0;
        if (!isOk && Replaced(context, deadline, isWhole ? body : default) is var (status, error))
        {
            await JsonAnswer.WriteAsync(context, status, error);
            return;
        }

        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (!isOk)
        {
            RetryAfter.Set(context, body);
        }

        context.Features.Set(new CallOutcome(isOk ? StatusCode.OK : Code(body)!.Value));
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, caller);
    }

    /// <summary>Answers a call that was refused before it was made.</summary>
    public static Task RefuseAsync(HttpContext context, RpcException error)
    {
        // The rest of a body is not waited for.
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        int status = error.StatusCode switch
        {
            StatusCode.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
            StatusCode.Unimplemented => StatusCodes.Status415UnsupportedMediaType,
            StatusCode.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
            _ => StatusCodes.Status400BadRequest,
        };
        return JsonAnswer.WriteAsync(context, status, error);
    }

    /// <summary>Answers a call that is not taken on now. Its body was not looked at.</summary>
    public static Task RefuseBusyAsync(HttpContext context, RpcException error)
    {
        // A connection costs more than a small body; only what may be long, or have no end, is not waited for.
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentLength is not (>= 0 and <= MostToDrain))
        {
            context.Response.Headers.Connection = "close";
        }

        RetryAfter.Set(context, error);
        return JsonAnswer.WriteAsync(context, error.StatusCode == StatusCode.DeadlineExceeded ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status429TooManyRequests, error);
    }

    /// <summary>Answers what no method is called by: a path, or a verb on one.</summary>
    public static async Task NoMethodAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is null)
        {
            await NotFoundAsync(context);
            return;
        }

        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed })
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, NoMethod());
        }
    }

    public static Task NotFoundAsync(HttpContext context) => JsonAnswer.WriteAsync(context, StatusCodes.Status404NotFound, NoMethod());

    public static RpcException TooLate() =>
        RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.DeadlineExceeded, "the time for the call is over; whether something was changed is not known");

    private static RpcException NoMethod() => RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.MethodUnknown, "there is no such method");

    private static (int Status, RpcException Error)? Replaced(HttpContext context, WebDeadline deadline, ReadOnlyMemory<byte> body)
    {
        if (deadline.HasPassed)
        {
            return (StatusCodes.Status504GatewayTimeout, TooLate());
        }

        if (Code(body) is not null)
        {
            return null;
        }

        return context.Response.StatusCode == StatusCodes.Status400BadRequest
            ? (StatusCodes.Status400BadRequest, RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the request is not a well-formed message"))
            : (StatusCodes.Status500InternalServerError, RpcErrors.Plain(StatusCode.Internal, ErrorReasons.InternalDefect, "a defect of the service; whether something was changed is not known"));
    }

    // Ours have details; an error without is the library's own.
    private static StatusCode? Code(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument error = JsonDocument.Parse(body);
            return error.RootElement.ValueKind == JsonValueKind.Object && error.RootElement.TryGetProperty("details", out JsonElement details) && details.GetArrayLength() > 0 ? (StatusCode)error.RootElement.GetProperty("code").GetInt32() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
