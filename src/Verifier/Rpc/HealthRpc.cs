using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Verifier.Service.Hosting;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>grpc.health.v1. A watch ends when the service drains, after its last word: it would hold up the end until it is cut off.</summary>
internal sealed class HealthRpc(DrainSignal drain) : HealthServiceImpl
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Ending);
        await base.Watch(request, responseStream, new EndingContext(context, end.Token));
        if (!context.CancellationToken.IsCancellationRequested)
        {
            throw RpcErrors.Unavailable(ErrorReasons.ShuttingDown, "the service stops; go on elsewhere", Retry);
        }
    }

    /// <summary>A call whose end has one more reason.</summary>
    private sealed class EndingContext(ServerCallContext inner, CancellationToken end) : ServerCallContext
    {
        protected override string MethodCore => inner.Method;

        protected override string HostCore => inner.Host;

        protected override string PeerCore => inner.Peer;

        protected override DateTime DeadlineCore => inner.Deadline;

        protected override Metadata RequestHeadersCore => inner.RequestHeaders;

        protected override CancellationToken CancellationTokenCore => end;

        protected override Metadata ResponseTrailersCore => inner.ResponseTrailers;

        protected override Status StatusCore
        {
            get => inner.Status;
            set => inner.Status = value;
        }

        protected override WriteOptions? WriteOptionsCore
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        protected override AuthContext AuthContextCore => inner.AuthContext;

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => inner.CreatePropagationToken(options);

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => inner.WriteResponseHeadersAsync(responseHeaders);
    }
}
