using Grpc.Core;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>
/// Gives a reason and a fixed text to the errors that gRPC's server makes itself before a method is reached: a message over the
/// limit, an unknown method, a compression that is not taken.
/// </summary>
internal static class TransportErrors
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    public static async Task DetailAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        IHeaderDictionary headers = context.Response.Headers;
        if (context.Response.HasStarted || headers.ContainsKey(DetailsHeader))
        {
            return;
        }

        RpcException? typed = headers[StatusHeader].ToString() switch
        {
            "8" => RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, "the request is larger than the service takes"),
            "12" when headers[MessageHeader].ToString().Contains("grpc-encoding", StringComparison.Ordinal) =>
                RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.EncodingNotSupported, "compressed requests are not taken"),
            "12" => RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.MethodUnknown, "there is no such method"),
            _ => null,
        };
        if (typed is not null)
        {
            headers[MessageHeader] = Uri.EscapeDataString(typed.Status.Detail);
            headers[DetailsHeader] = Convert.ToBase64String(typed.Trailers.GetValueBytes(DetailsHeader)!).TrimEnd('=');
        }
    }
}
