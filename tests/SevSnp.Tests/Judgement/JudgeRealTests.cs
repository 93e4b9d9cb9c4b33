using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>The content of real reports: what genuine machines report must not be taken for a contradiction.</summary>
public sealed class JudgeRealTests
{
    // With the measurement registered and REPORT_DATA expected, the default policy finds fault with these only.
    private static readonly Dictionary<string, CheckId[]> RefusedByDefault = new()
    {
        ["milan-v2-a"] = [CheckId.ReportVersionIsAllowed, CheckId.DebugIsOff],
        ["milan-v2-b"] = [CheckId.ReportVersionIsAllowed],
        ["milan-v5-vlek"] = [CheckId.VmplIsAllowed, CheckId.CspIdIsAllowed],
    };

    public static TheoryData<string> Names => new(Vectors.SnpReportNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void DefaultPolicy_JudgesAsTheTableSays(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Authentication authentication = RealEvidence.Authenticate(Vectors.SnpByName(name));
        AttestationVerdict verdict = Decide(name, authentication, AppraisalPolicy.Default);
        if (authentication.Verified is null)
        {
            Assert.Equal(RejectionKind.NotAuthentic, verdict.Rejection);
            return;
        }

        CheckId[] refused = RefusedByDefault.GetValueOrDefault(name, []);
        Assert.Equal(refused, verdict.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id));
        Assert.Equal(refused.Length == 0 ? RejectionKind.None : RejectionKind.Refused, verdict.Rejection);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void PermissivePolicy_AcceptsWhateverIsAuthentic(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Authentication authentication = RealEvidence.Authenticate(Vectors.SnpByName(name));
        AppraisalPolicy permissive = new()
        {
            Name = "permissive",
            Constraints = new()
            {
                MinReportVersion = 2,
                Vmpls = new HashSet<uint> { 0, 1, 2, 3 },
                CspIds = authentication.Endorsement?.Content.CspId is { } csp ? new HashSet<string> { csp } : null,
            },
            UnsafeAllowDebug = true,
        };
        AttestationVerdict verdict = Decide(name, authentication, permissive);
        Assert.Equal(authentication.Verified is null ? RejectionKind.NotAuthentic : RejectionKind.None, verdict.Rejection);
        Assert.Equal(authentication.Verified is not null, verdict.Accepted);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void T53_Unregistered_IsNeverAccepted(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Authentication authentication = RealEvidence.Authenticate(Vectors.SnpByName(name));
        MeasurementRecords none = MeasurementRecords.Empty(authentication.Report.Measurement);
        AttestationVerdict verdict = Judge.Decide(authentication, AppraisalPolicy.Default, Expected(authentication), none, Vectors.SnpByName(name).VerificationTime);
        Assert.False(verdict.Accepted);
    }

    private static AttestationVerdict Decide(string name, Authentication authentication, AppraisalPolicy policy)
    {
        ReferenceValue value = Guest.Value() with { Measurements = [new(authentication.Report.Measurement)], Kind = LaunchKind.Unspecified };
        MeasurementRecords records = new(authentication.Report.Measurement, null, [value]);
        return Judge.Decide(authentication, policy, Expected(authentication), records, Vectors.SnpByName(name).VerificationTime);
    }

    private static Expectations Expected(Authentication authentication) => new() { Binding = Guest.Nonce(authentication.Report.ReportData.Span.ToArray()) };
}
