using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Hosting;
using Verifier.Service.Log;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The registry's stream of changes. Rights are asked at its begin only, so that it ends after an hour, to be taken up again.</summary>
[BindServiceMethod(typeof(WatchRpc), nameof(Bind))]
internal sealed class WatchRpc(ReferenceWatch watch, WatchPlaces places, DrainSignal drain, TimeProvider clock) : RegistryService.RegistryServiceBase
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(10);

    public static ServiceDescriptor Descriptor => RegistryService.Descriptor;

    public static void Bind(ServiceBinderBase binder, RegistryService.RegistryServiceBase service) =>
        RegistryService.BindService(new StrictBinder(binder, method => method == nameof(WatchReferenceValues)), service);

    public override async Task WatchReferenceValues(
        WatchReferenceValuesRequest request, IServerStreamWriter<WatchReferenceValuesResponse> responseStream, ServerCallContext context)
    {
        (string tenant, long? after) = WatchMapping.Read(request);
        using IDisposable place = places.TryEnter()
            ?? throw RpcErrors.Busy(ErrorReasons.TooManyWatchers, "the service has as many watchers as it takes", BusyRetry);
        using CancellationTokenSource hour = new(Longest, clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Ending, hour.Token);
        try
        {
            await foreach (WatchedChange change in watch.FollowAsync(tenant, after, end.Token))
            {
                await responseStream.WriteAsync(WatchMapping.ToProto(change), end.Token);
            }
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == nameof(after))
        {
            throw LogMapping.NeverSoLong(tenant, after + 1 ?? 0);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw drain.Ending.IsCancellationRequested
                ? RpcErrors.Unavailable(ErrorReasons.ShuttingDown, "the service stops; go on elsewhere after the last index", Retry)
                : RpcErrors.Unavailable(ErrorReasons.WatchEnded, "a watch lasts an hour; go on after the last index", Retry);
        }
        catch (Exception e) when (e is IOException || (e is InvalidOperationException && context.CancellationToken.IsCancellationRequested))
        {
            // A caller that goes away shows as an answer that cannot be written.
            throw RpcErrors.Plain(StatusCode.Cancelled, ErrorReasons.Cancelled, "the caller cancelled");
        }
    }
}
