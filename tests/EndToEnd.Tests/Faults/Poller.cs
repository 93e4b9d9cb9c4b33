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
    private long _askedForAccept;
    private int _accepted;
    private int _rejected;
    private int _failed;

    /// <param name="service">Who is asked.</param>
    /// <param name="question">What.</param>
    /// <param name="pause">What passes between an answer and the next question; without it 10 ms.</param>
    public Poller(ServiceProcess service, VerifyRequest question, TimeSpan? pause = null) =>
        _asking = Task.Run(() => AskAsync(service, question, pause ?? TimeSpan.FromMilliseconds(10)));

    /// <summary>When the last answer that accepts came, on the monotonic clock.</summary>
    public long LastAccept => Interlocked.Read(ref _lastAccept);

    /// <summary>When the last question was asked of those whose answer accepts, on the monotonic clock.</summary>
    public long AskedForAccept => Interlocked.Read(ref _askedForAccept);

    public int Accepted => Volatile.Read(ref _accepted);

    public int Rejected => Volatile.Read(ref _rejected);

    /// <summary>How many questions ended without a verdict.</summary>
    public int Failed => Volatile.Read(ref _failed);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private async Task AskAsync(ServiceProcess service, VerifyRequest question, TimeSpan pause)
    {
        while (!_end.IsCancellationRequested)
        {
            long asked = Stopwatch.GetTimestamp();
            try
            {
                AttestationVerdict verdict = (await service.Verifier.VerifyAsync(question, deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: _end.Token)).Verdict;
                if (verdict.Outcome == Outcome.Accepted)
                {
                    Interlocked.Exchange(ref _lastAccept, Stopwatch.GetTimestamp());
                    Interlocked.Exchange(ref _askedForAccept, asked);
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
                Interlocked.Increment(ref _failed);
            }

            await Task.Delay(pause);
        }
    }
}
