using System.Collections.Concurrent;
using Verifier.Contracts.V1;
using Verifier.Sdk;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Relying parties that ask at a steady rate, whatever the answers: a slow answer delays no later question.</summary>
internal sealed class SteadyLoad(VerifierClient client, Scenario guest)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(40);

    private readonly ConcurrentBag<Exception> _failures = [];
    private int _accepted;

    public int Accepted => Volatile.Read(ref _accepted);

    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Asks until told to stop, and waits for what was asked.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        List<Task> asked = [];
        using PeriodicTimer timer = new(Between);
        while (!stop.IsCancellationRequested)
        {
            asked.Add(AskAsync());
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(asked);
    }

    private async Task AskAsync()
    {
        try
        {
            VerifiedGuest verified = await client.VerifyAsync(EvidenceAsync, new Expectations { Kinds = { LaunchKind.SvsmIgvm } });
            Assert.Equal(AttestationVerdict.Types.Outcome.Accepted, verified.Verdict.Outcome);
            Interlocked.Increment(ref _accepted);
        }
#pragma warning disable CA1031 // Whatever it is, it is a failed call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures.Add(e);
        }
    }

    private Task<GuestEvidence> EvidenceAsync(GuestChallenge challenge, CancellationToken cancellation) => Task.FromResult(
        new GuestEvidence(guest.WithReport(r => r with { ReportData = challenge.Bytes.ToArray() }).SignReport()) { CertificatesPem = guest.CertificatesPem });
}
