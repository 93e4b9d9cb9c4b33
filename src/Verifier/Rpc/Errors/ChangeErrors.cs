using Grpc.Core;

namespace Verifier.Service.Rpc.Errors;

/// <summary>What a change can end with, whatever it is a change of.</summary>
internal static class ChangeErrors
{
    public static RpcException EtagMismatch(string what, string name) =>
        RpcErrors.Plain(StatusCode.Aborted, ErrorReasons.EtagMismatch, $"the {what} has changed since it was read", ("name", name));

    public static RpcException RequestIdReused() => RpcErrors.Precondition(
        ErrorReasons.RequestIdReused, "the request id was used before for a request with other content", "request_id");
}
