using Grpc.Core;
using Grpc.Core.Interceptors;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>Asks for the right of a method before anything of the request is looked at.</summary>
internal sealed class AuthorizationInterceptor(RegistrarToken token, ILogger<AuthorizationInterceptor> logger) : Interceptor
{
    private const string Scheme = "Bearer ";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(requestStream, context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Demand(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Demand(ServerCallContext context)
    {
        RpcException? refusal = MethodRights.Of(context.Method) switch
        {
            Right.Anyone => null,
            Right.Registrar => RegistrarRefusal(context),
            _ => RpcErrors.Plain(StatusCode.PermissionDenied, ErrorReasons.MethodNotGranted, "nobody may call this method"),
        };
        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private RpcException? RegistrarRefusal(ServerCallContext context)
    {
        string? header = context.RequestHeaders.GetValue("authorization");
        string? presented = header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        TokenCheck check = token.Check(presented, out string fault);
        if (check == TokenCheck.Unreadable)
        {
            RpcLog.TokenUnreadable(logger, fault);
        }

        (StatusCode code, string reason, string text)? refusal = check switch
        {
            TokenCheck.Held => null,
            TokenCheck.Missing => (StatusCode.Unauthenticated, ErrorReasons.TokenMissing, "the registrar token is demanded in the header 'authorization: Bearer ...'"),
            TokenCheck.Wrong => (StatusCode.Unauthenticated, ErrorReasons.TokenWrong, "the registrar token is not the right one"),
            TokenCheck.Unreadable => (StatusCode.Unavailable, ErrorReasons.TokenUnreadable, "the registrar's right cannot be checked now; nothing was changed"),
            _ => (StatusCode.FailedPrecondition, ErrorReasons.RegistryReadOnly, "the registry is read-only: no registrar is configured"),
        };
        if (refusal is not { } refused)
        {
            context.SetActor(Actor.Named(RegistrarToken.Actor));
            return null;
        }

        RpcLog.ChangeRefused(logger, refused.reason, context.Method);
        return refused.code switch
        {
            StatusCode.Unavailable => RpcErrors.Unavailable(refused.reason, refused.text, TimeSpan.FromSeconds(10)),
            StatusCode.FailedPrecondition => RpcErrors.Precondition(refused.reason, refused.text, "registry"),
            _ => RpcErrors.Plain(refused.code, refused.reason, refused.text),
        };
    }
}
