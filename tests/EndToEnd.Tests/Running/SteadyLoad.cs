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

    /// <summary>Asks while something else is done. No call may fail, and a few must be answered before and after.</summary>
    public static async Task WhileAsync(VerifierClient client, Scenario guest, Func<SteadyLoad, Task> action)
    {
        SteadyLoad load = new(client, guest);
        using CancellationTokenSource stop = new();
        Task asking = load.RunAsync(stop.Token);
        await load.SomeAnswersAsync();
        await action(load);
        await load.SomeAnswersAsync();
        await stop.CancelAsync();
        await asking;

        Assert.True(load._failures.IsEmpty, $"{load._failures.Count} of {load._failures.Count + load._accepted} calls failed, for example: {load._failures.FirstOrDefault()}");
    }

    /// <summary>Waits for more answers, enough that each replica in service gave one.</summary>
    public async Task SomeAnswersAsync()
    {
        int before = Volatile.Read(ref _accepted);
        while (Volatile.Read(ref _accepted) < before + 30)
        {
            Assert.True(_failures.IsEmpty, _failures.FirstOrDefault()?.ToString());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task RunAsync(CancellationToken stop)
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
