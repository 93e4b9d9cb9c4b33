using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>
/// The changes of a registry, for as long as somebody wants them. A stream that breaks, that is ended because of its age or a restart, or that gives no sign of life,
/// is taken up again after the last index; one that is refused is not.
/// </summary>
internal sealed class ChangeWatch(V1.RegistryService.RegistryServiceClient registry, Func<CallOptions> call, Action<string> tell)
{
    // The service gives a sign of life every 15 seconds.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The changes that a request asks for. A first answer that does not come is a failure; a later one is waited for.</summary>
    public async IAsyncEnumerable<V1.WatchReferenceValuesResponse> FollowAsync(V1.WatchReferenceValuesRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        V1.WatchReferenceValuesRequest current = request.Clone();
        bool isKnown = false;
        for (TimeSpan pause = FirstPause; ;)
        {
            using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(LongestSilence);

            // No deadline: the silence tells when the connection is dead.
            using AsyncServerStreamingCall<V1.WatchReferenceValuesResponse> stream =
                registry.WatchReferenceValues(current, call().WithDeadline(DateTime.MaxValue).WithCancellationToken(silence.Token));
            (V1.WatchReferenceValuesResponse? Answer, TimeSpan Asked) next;
            while ((next = await NextAsync(stream.ResponseStream, isKnown, silence.Token, cancellation)).Answer is { } answer)
            {
                (isKnown, pause) = (true, FirstPause);
                silence.CancelAfter(LongestSilence);
                current.ResumeAfter = answer.Index;
                if (answer.Change is not null)
                {
                    yield return answer;
                }
            }

            await Task.Delay(next.Asked > pause ? next.Asked : pause, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>No answer: the stream has ended, and is to be taken up again, no sooner than the service asks for.</summary>
    private async Task<(V1.WatchReferenceValuesResponse? Answer, TimeSpan Asked)> NextAsync(
        IAsyncStreamReader<V1.WatchReferenceValuesResponse> stream, bool isKnown, CancellationToken silence, CancellationToken cancellation)
    {
        try
        {
            return (await stream.MoveNext(CancellationToken.None) ? stream.Current : null, TimeSpan.Zero);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            RpcException end = e.StatusCode != StatusCode.Cancelled ? e : new RpcException(
                silence.IsCancellationRequested ? new Grpc.Core.Status(StatusCode.DeadlineExceeded, "no sign of life") : new Grpc.Core.Status(StatusCode.Unavailable, e.Status.Detail, e.Status.DebugException!));
            Google.Rpc.Status? details = end.Trailers.GetRpcStatus(ignoreParseError: true);
            TimeSpan? asked = RpcFailure.Delay(RpcFailure.Detail<RetryInfo>(details)?.RetryDelay);
            if (!isKnown || !GoesOn(end, asked))
            {
                throw end;
            }

            if (RpcFailure.Detail<ErrorInfo>(details)?.Reason != "WATCH_ENDED")
            {
                tell($"{end.Status.Detail}; trying again");
            }

            return (null, asked ?? TimeSpan.Zero);
        }
    }

    /// <summary>
    /// Whether it ended for a reason that passes: the service or a proxy stops, has it long enough, is busy and says when to come back, or somebody on the way cut it
    /// off. What is refused, and what is the service's own fault, is not asked again.
    /// </summary>
    private static bool GoesOn(RpcException end, TimeSpan? asked) => end.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded => true,
        StatusCode.ResourceExhausted => asked is not null || BrokenCall.Is(end),
        StatusCode.Internal or StatusCode.Unknown => BrokenCall.Is(end),
        _ => false,
    };
}
