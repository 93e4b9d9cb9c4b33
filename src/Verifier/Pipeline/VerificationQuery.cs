using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using Verifier.Service.Tokens;

namespace Verifier.Service.Pipeline;

/// <summary>A question that needs no further checks.</summary>
/// <param name="Tenant">Whose policy and registry apply.</param>
/// <param name="Report">The report as parsed, not authentic yet.</param>
/// <param name="Certificates">What came with it.</param>
/// <param name="Expectations">What the caller asks beyond the policy.</param>
internal sealed record VerificationQuery(string Tenant, AttestationReport Report, CertificateBundle Certificates, Expectations Expectations)
{
    /// <summary>The signed result that is asked for; null when none is.</summary>
    public ResultWish? Result { get; init; }

    /// <summary>Who asks, for the counts; it decides nothing.</summary>
    public string Caller { get; init; } = "anonymous";
}
