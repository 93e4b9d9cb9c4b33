using Grpc.Core;

namespace Verifier.Sdk;

/// <summary>Repeats what can pass by itself: after the delay that the service asks for, or a growing one, with jitter in both, and within a budget of all calls together.</summary>
internal sealed class Retries(VerifierClientOptions options)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.2);
    private readonly RetryBudget _budget = new();

    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        long begun = options.Clock.GetTimestamp();
        for (int tries = 1; ; tries++)
        {
            try
            {
                T result = await attempt();
                _budget.Succeeded();
                return result;
            }
            catch (RpcException e) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Message, e, cancellation);
            }
            catch (RpcException e)
            {
                TimeSpan delay = Delay(e, tries);
                bool isRepeated = RpcFaults.IsPassing(e) && (RpcFaults.ReachedNobody(e) || _budget.FailedAndMayRepeat(RpcFaults.IsPaced(e))) && tries < options.MaxTries
                    && options.Clock.GetElapsedTime(begun) + delay < options.Patience;
                if (!isRepeated)
                {
                    throw RpcFaults.Of(e);
                }

                await Task.Delay(delay, options.Clock, cancellation);
            }
        }
    }

    /// <summary>
    /// Never sooner than asked for, and then any time within a span that doubles, so that clients which failed together do not come back
    /// together, however many they are.
    /// </summary>
    private static TimeSpan Delay(RpcException e, int tries)
    {
        TimeSpan span = First * Math.Pow(2, tries - 1);
        return RpcFaults.RetryAfter(e) is { } asked ? asked + ((asked > span ? asked / 2 : span) * Random.Shared.NextDouble()) : 2 * span * Random.Shared.NextDouble();
    }
}
