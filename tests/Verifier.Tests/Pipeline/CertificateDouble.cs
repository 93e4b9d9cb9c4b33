using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Service.Kds;

namespace Verifier.Tests.Pipeline;

/// <summary>A certificate source double: adds what the test gives it, or fails on demand, and counts.</summary>
internal sealed class CertificateDouble : ICertificateSource
{
    private int _calls;

    public CertificateBundle Known { get; set; } = CertificateBundle.Empty;

    public Exception? Fault { get; set; }

    public Func<CancellationToken, Task>? Delay { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    public async Task<Evidence> CompleteAsync(AttestationReport report, CertificateBundle presented, RevocationRule? revocation, Asker asker, CancellationToken cancellation)
    {
        // Whoever sees the call counted may change what the next one waits for, and not this one.
        Func<CancellationToken, Task>? held = Delay;
        Interlocked.Increment(ref _calls);
        if (held is { } delay)
        {
            await delay(cancellation);
        }

        return Fault is { } fault ? throw fault : new Evidence(report, presented.With(Known));
    }
}
