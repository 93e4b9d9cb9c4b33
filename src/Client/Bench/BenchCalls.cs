using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Verifier.Client.Online;

namespace Verifier.Client.Bench;

/// <summary>Makes one call after the other over a few connections, and never repeats one.</summary>
/// <param name="connections">They take turns.</param>
/// <param name="method">What is called.</param>
/// <param name="mix">With which requests.</param>
internal sealed class BenchCalls(IReadOnlyList<ServiceConnection> connections, Method<byte[], CallResult> method, RequestMix mix)
{
    private readonly CallInvoker[] _invokers = [.. connections.Select(c => c.Invoker)];

    /// <summary>One call about a known chip on every connection, so that all are open when measuring begins.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public async Task<CallResult> TryAsync(CancellationToken cancellation)
    {
        CallResult? result = null;
        for (int i = 0; i < _invokers.Length; i++)
        {
            result = await _invokers[i].AsyncUnaryCall(method, null, connections[i].Call(cancellation), mix.First);
        }

        return result!;
    }

    public async Task<CallResult> MakeAsync(long number, CancellationToken cancellation)
    {
        int turn = (int)(number % _invokers.Length);
        MixedRequest request = mix.Of(number);
        Task<CallResult> answer = _invokers[turn].AsyncUnaryCall(method, null, connections[turn].Call(cancellation), request.Request).ResponseAsync;

        // What a refusal throws is looked at and not caught: to throw takes processor time from the service on the same machine.
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        CallResult result = answer.Exception?.InnerException is RpcException failure ? Failure(failure) : await answer;
        return request.IsCold ? result with { IsCold = true } : result;
    }

    internal static CallResult Failure(RpcException e)
    {
        Google.Rpc.Status? status = e.Trailers.GetRpcStatus(ignoreParseError: true);
        string name = Name(e.StatusCode);
        string? reason = RpcFailure.Detail<ErrorInfo>(status)?.Reason;
        return new CallResult(e.StatusCode == StatusCode.ResourceExhausted ? CallOutcome.Refused : CallOutcome.Failed, string.IsNullOrEmpty(reason) ? name : $"{name} {reason}")
        {
            RetryDelay = RpcFailure.Delay(RpcFailure.Detail<RetryInfo>(status)?.RetryDelay),
            HasPushback = int.TryParse(e.Trailers.GetValue("grpc-retry-pushback-ms"), NumberStyles.None, CultureInfo.InvariantCulture, out _),
        };
    }

    // As it is written on the wire and in docs/errors.md.
    private static string Name(StatusCode code) => string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
