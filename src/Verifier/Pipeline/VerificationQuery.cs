using SevSnp.Certificates;
using SevSnp.Policies;
using SevSnp.Reports;
using Verifier.Service.Admission;
using Verifier.Service.Documents;
using Verifier.Service.Kds;
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

    /// <summary>Who asks, for the counts and for fair shares; it decides nothing.</summary>
    public string Caller { get; init; } = "anonymous";

    /// <summary>What is left of the call's deadline; null when it has none.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>When the call began: what of the tenant was read for it already serves this question too. Null: it begins now.</summary>
    public Moment? Since { get; init; }

    /// <summary>Where the work is done, left while others are waited for.</summary>
    public Place Place { get; init; } = Place.None;

    /// <summary>For whom what is missing is looked for.</summary>
    public Asker Asker => new(Tenant, Caller, Patience);
}
