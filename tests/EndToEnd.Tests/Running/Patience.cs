using System.Diagnostics;
using Google.Rpc;
using Grpc.Core;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>A busy machine may make a call time out, or find no place. Repeating it is what clients are told to do.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Repeats whatever can pass by itself. A change must be the same request each time, with its request id: it may have been made.</summary>
    public static Task<T> EventuallyAsync<T>(Func<Task<T>> call) => RepeatAsync(
        call, e => e.StatusCode == StatusCode.Unavailable || (e.StatusCode == StatusCode.ResourceExhausted && e.GetRpcStatus()?.GetDetail<RetryInfo>() is not null));

    /// <summary>Repeats only what came of a machine that stood still: every other answer is the service's own, and counts.</summary>
    public static Task<T> ThroughStallsAsync<T>(Func<Task<T>> call) => RepeatAsync(call, IsOfAStall);

    /// <summary>Repeats, besides that, what found no place on a machine that is too slow for so many at once.</summary>
    public static Task<T> ThroughCrowdsAsync<T>(Func<Task<T>> call) => RepeatAsync(call, e => IsOfAStall(e) || IsOfACrowd(e));

    /// <summary>Whether the store was late, or the service itself so late that what the store had told was too old.</summary>
    public static bool IsOfAStall(RpcException e) =>
        e.StatusCode == StatusCode.Unavailable && e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason is "STORE_UNAVAILABLE" or "NOT_DURABLE" or "LOG_NOT_LOADED";

    private static bool IsOfACrowd(RpcException e) =>
        e.StatusCode == StatusCode.ResourceExhausted && e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason is "OVERLOADED" or "CALLER_SHARE_TAKEN" or "TENANT_SHARE_TAKEN";

    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call, Func<RpcException, bool> isRepeated)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (isRepeated(e) && watch.Elapsed < Longest)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
