using System.Diagnostics;
using Grpc.Core;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>A busy machine may make a call time out. Repeating it is what clients are told to do.</summary>
internal static class Patience
{
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && watch.Elapsed < TimeSpan.FromSeconds(15))
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
