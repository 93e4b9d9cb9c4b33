using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;

namespace Verifier.Service.Kds;

/// <summary>Gathers what a report needs to be judged: what came with it, then the cache, then AMD's key service.</summary>
internal interface ICertificateSource
{
    /// <summary>
    /// Completes the certificates of a report. Nothing is trusted here, and nothing of the caller's text reaches an address. A leaf that
    /// AMD definitely did not issue, or that nobody can fetch (a VLEK), is told by <see cref="Evidence.MissingLeafReason"/>.
    /// </summary>
    /// <exception cref="KdsUnavailableException">Something that is needed cannot be had now: no verdict can be given.</exception>
    Task<Evidence> CompleteAsync(AttestationReport report, CertificateBundle presented, RevocationRule? revocation, Asker asker, CancellationToken cancellation);
}

/// <summary>
/// A certificate that is needed cannot be had now. <see cref="Reason"/> is a stable word such as <c>KDS_THROTTLED</c>;
/// <see cref="RetryAfter"/> is null when only an operator can help.
/// </summary>
internal sealed class KdsUnavailableException(string reason, string message, TimeSpan? retryAfter, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
