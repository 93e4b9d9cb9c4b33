using System.Diagnostics;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>A relying party that asks one instance about one guest, again and again, and notes when it was told what.</summary>
internal sealed class Poller : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _asking;
    private long _lastAccept;
    private int _accepted;
    private int _rejected;

    public Poller(ServiceProcess service, VerifyRequest question) => _asking = Task.Run(() => AskAsync(service, question));

    /// <summary>When the last answer that accepts came, on the monotonic clock.</summary>
    public long LastAccept => Interlocked.Read(ref _lastAccept);

    public int Accepted => Volatile.Read(ref _accepted);

    public int Rejected => Volatile.Read(ref _rejected);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private async Task AskAsync(ServiceProcess service, VerifyRequest question)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                AttestationVerdict verdict = (await service.Verifier.VerifyAsync(question, deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: _end.Token)).Verdict;
                if (verdict.Outcome == Outcome.Accepted)
                {
                    Interlocked.Exchange(ref _lastAccept, Stopwatch.GetTimestamp());
                    Interlocked.Increment(ref _accepted);
                }
                else
                {
                    Interlocked.Increment(ref _rejected);
                }
            }
            catch (RpcException)
            {
                // Nothing was decided.
            }

            await Task.Delay(10);
        }
    }
}
