using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Verification;

namespace SevSnp.Judgement;

/// <summary>The second half of judging: is this authentic report acceptable? Pure; the same arguments give the same answer.</summary>
public static class Judge
{
    /// <summary>Makes the checks C23 to C46 and decides. Evidence that is not authentic is rejected, its content not judged.</summary>
    /// <param name="authentication">The first half.</param>
    /// <param name="policy">The tenant's policy.</param>
    /// <param name="expectations">What the caller asks beyond it.</param>
    /// <param name="references">What the registry knows of the report's measurement.</param>
    /// <param name="at">The time of judging.</param>
    /// <returns>The verdict.</returns>
    public static AttestationVerdict Decide(Authentication authentication, AppraisalPolicy policy, Expectations expectations, MeasurementRecords references, DateTimeOffset at) =>
        throw new NotSupportedException();
}
