using System.Runtime.CompilerServices;
using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>
/// The changes of a registry, for as long as somebody wants them. A stream that breaks, or that gives no sign of life, is taken up again
/// after the last index.
/// </summary>
internal sealed class ChangeWatch(V1.RegistryService.RegistryServiceClient registry, Func<CallOptions> call, Action<string> tell)
{
    // The service gives a sign of life every 15 seconds.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The changes that a request asks for. A first answer that does not come is a failure; a later one is waited for.</summary>
    public async IAsyncEnumerable<V1.WatchReferenceValuesResponse> FollowAsync(V1.WatchReferenceValuesRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        V1.WatchReferenceValuesRequest current = request.Clone();
        bool isKnown = false;
        for (TimeSpan pause = TimeSpan.FromSeconds(1); ;)
        {
            using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(LongestSilence);

            // No deadline: the silence tells when the connection is dead.
            using AsyncServerStreamingCall<V1.WatchReferenceValuesResponse> stream =
                registry.WatchReferenceValues(current, call().WithDeadline(DateTime.MaxValue).WithCancellationToken(silence.Token));
            while (await NextAsync(stream.ResponseStream, isKnown, cancellation) is { } answer)
            {
                (isKnown, pause) = (true, TimeSpan.FromSeconds(1));
                silence.CancelAfter(LongestSilence);
                current.ResumeAfter = answer.Index;
                if (answer.Change is not null)
                {
                    yield return answer;
                }
            }

            await Task.Delay(pause, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Null: the stream has ended, and is to be taken up again.</summary>
    private async Task<V1.WatchReferenceValuesResponse?> NextAsync(
        IAsyncStreamReader<V1.WatchReferenceValuesResponse> stream, bool isKnown, CancellationToken cancellation)
    {
        try
        {
            return await stream.MoveNext(CancellationToken.None) ? stream.Current : null;
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested && e.StatusCode == StatusCode.Cancelled)
        {
            if (!isKnown)
            {
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, "no sign of life"));
            }

            tell("no sign of life; trying again");
            return null;
        }
        catch (RpcException e) when (isKnown && e.StatusCode == StatusCode.Unavailable)
        {
            if (e.Trailers.GetRpcStatus(ignoreParseError: true)?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason != "WATCH_ENDED")
            {
                tell($"{e.Status.Detail}; trying again");
            }

            return null;
        }
    }
}
