using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.Service.Kds;

namespace Verifier.Tests.Pipeline;

/// <summary>A certificate source double: adds what the test gives it, or fails on demand, and counts.</summary>
internal sealed class CertificateDouble : ICertificateSource
{
    public CertificateBundle Known { get; set; } = CertificateBundle.Empty;

    public Exception? Fault { get; set; }

    public Func<CancellationToken, Task>? Delay { get; set; }

    public int Calls { get; private set; }

    public async Task<Evidence> CompleteAsync(AttestationReport report, CertificateBundle presented, RevocationRule? revocation, Asker asker, CancellationToken cancellation)
    {
        Calls++;
        if (Delay is { } delay)
        {
            await delay(cancellation);
        }

        return Fault is { } fault ? throw fault : new Evidence(report, presented.With(Known));
    }
}
