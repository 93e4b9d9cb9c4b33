namespace Verifier.Tests.Rpc;

/// <summary>What is allocated in this process meanwhile, by whomever.</summary>
internal static class Allocations
{
    /// <summary>The least of several times: what other tests allocate at the same moment is not there each time.</summary>
    /// <param name="action">What is looked at.</param>
    /// <param name="limit">The times end with the first one that keeps it.</param>
    public static async Task<long> LeastOfAsync(Func<Task> action, long limit)
    {
        long least = long.MaxValue;
        for (int times = 0; times < 20 && least > limit; times++)
        {
            long before = GC.GetTotalAllocatedBytes();
            await action();
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }

        return least;
    }
}
