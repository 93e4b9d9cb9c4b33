using Grpc.Core;
using Grpc.Core.Interceptors;
using Verifier.Service.Admission;

namespace Verifier.Service.Rpc;

/// <summary>
/// Gives a call its place once it is known who calls and for which tenant, and takes it back however the call ends. Streams get none: what
/// they do asks for its own.
/// </summary>
internal sealed class AdmissionInterceptor(AdmissionGate gate, WorkPlaces places) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (MethodLanes.Of(context.Method) is not { Lane: { } lane, IsStream: false })
        {
            return await continuation(request, context);
        }

        if (context.GetHttpContext().Features.Get<Announcement>() is { } announcement)
        {
            gate.Arrived(announcement);
        }

        using Place place = await places.EnterAsync(context.Claimant(lane), context.Patience(), context.CancellationToken);
        context.SetPlace(place);
        return await continuation(request, context);
    }
}
