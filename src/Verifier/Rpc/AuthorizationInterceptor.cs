using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Verifier.Service.Identity;

namespace Verifier.Service.Rpc;

/// <summary>
/// Asks who calls and whether it may, before a method sees anything of the request. Of the request itself only the names of tenant and
/// resource are looked at, and nothing is told of what there is to whoever has no right to know.
/// </summary>
internal sealed class AuthorizationInterceptor(Authorization authorization) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Caller? caller = await authorization.IdentifyAsync(context);
        await DemandAsync(caller, request, true, context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Caller? caller = await authorization.IdentifyAsync(context);
        await DemandAsync(caller, request, true, context);
        await continuation(request, responseStream, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Caller? caller = await authorization.IdentifyAsync(context);
        return await continuation(Authorized(requestStream, caller, context), context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Caller? caller = await authorization.IdentifyAsync(context);
        await continuation(Authorized(requestStream, caller, context), responseStream, context);
    }

    // Nobody is asked for where everybody may call.
    private IAsyncStreamReader<T> Authorized<T>(IAsyncStreamReader<T> stream, Caller? caller, ServerCallContext context)
        where T : class =>
        caller is null ? stream : new AuthorizedStream<T>(stream, (message, isFirst) => DemandAsync(caller, message, isFirst, context));

    private Task DemandAsync<T>(Caller? caller, T? message, bool isFirst, ServerCallContext context)
        where T : class =>
        caller is null ? Task.CompletedTask : authorization.DemandAsync(caller, message as IMessage, isFirst, context);
}
