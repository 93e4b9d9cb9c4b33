using Grpc.Core;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>
/// Gives a reason and a fixed text to what gRPC's server answers itself before a method is reached: a message over the limit, an
/// unknown method, bytes that are no message.
/// </summary>
internal static class TransportErrors
{
    private const string EncodingHeader = "grpc-encoding";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    public static async Task DetailAsync(HttpContext context, RequestDelegate next)
    {
        // A compressed request would be unpacked before its size is known (T92), so it is not even read.
        if (context.Request.Headers[EncodingHeader].ToString() is not ("" or "identity"))
        {
            await RefuseAsync(context, RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.EncodingNotSupported, "compressed requests are not taken"));
            return;
        }

        await next(context);
        IHeaderDictionary headers = context.Response.Headers;
        if (!context.Response.HasStarted && !headers.ContainsKey(DetailsHeader) && Typed(headers[StatusHeader].ToString()) is { } error)
        {
            Write(headers, error);
        }
    }

    /// <summary>Answers a call with an error, as gRPC does.</summary>
    public static Task RefuseAsync(HttpContext context, RpcException error)
    {
        context.Response.ContentType = "application/grpc";
        Write(context.Response.Headers, error);
        return Task.CompletedTask;
    }

    // Our own errors carry details; without them the status comes from the reading of the request.
    private static RpcException? Typed(string status) => status switch
    {
        "2" or "13" => RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the request is not a well-formed message"),
        "8" => RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, "the request is larger than the service takes"),
        "12" => RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.MethodUnknown, "there is no such method"),
        _ => null,
    };

    private static void Write(IHeaderDictionary headers, RpcException error)
    {
        headers[StatusHeader] = ((int)error.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers[MessageHeader] = Uri.EscapeDataString(error.Status.Detail);
        headers[DetailsHeader] = Convert.ToBase64String(error.Trailers.GetValueBytes(DetailsHeader)!).TrimEnd('=');
        if (error.Trailers.GetValue(AdmissionErrors.PushbackHeader) is { } pushback)
        {
            headers[AdmissionErrors.PushbackHeader] = pushback;
        }
    }
}
