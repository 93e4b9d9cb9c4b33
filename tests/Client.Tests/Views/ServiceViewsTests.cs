using Verifier.Client.Tests.Online;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;
using Rejection = Verifier.Contracts.V1.AttestationVerdict.Types.Rejection;

namespace Verifier.Client.Tests.Views;

public sealed class ServiceViewsTests
{
    public static TheoryData<string> Spoilers => [.. Spoiled.Keys];

    // Each turns a good acceptance into an answer that must not be taken for one.
    private static Dictionary<string, Action<V1.VerifyResponse>> Spoiled { get; } = new()
    {
        ["no verdict"] = r => r.Verdict = null,
        ["default verdict"] = r => r.Verdict = new V1.AttestationVerdict(),
        ["outcome unspecified"] = r => r.Verdict.Outcome = Outcome.Unspecified,
        ["outcome unknown"] = r => r.Verdict.Outcome = (Outcome)3,
        ["outcome negative"] = r => r.Verdict.Outcome = (Outcome)(-1),
        ["with a rejection"] = r => r.Verdict.Rejection = Rejection.NotAuthentic,
        ["with an unknown rejection"] = r => r.Verdict.Rejection = (Rejection)9,
        ["unverified report"] = r => r.Verdict.UnverifiedReport = r.Verdict.Report,
        ["no report"] = r => r.Verdict.Report = null,
        ["no checks"] = r => r.Verdict.Checks.Clear(),
        ["a failed check"] = r => r.Verdict.Checks[7].Status = V1.Check.Types.Status.Failed,
        ["an unspecified check"] = r => r.Verdict.Checks[7].Status = V1.Check.Types.Status.Unspecified,
        ["a check not evaluated"] = r => r.Verdict.Checks[7].Status = V1.Check.Types.Status.NotEvaluated,
        ["a check of unknown status"] = r => r.Verdict.Checks[7].Status = (V1.Check.Types.Status)77,
    };

    [Fact]
    public void Acceptance_IsAccepted()
    {
        VerdictView view = ServiceViews.Of(Verdicts.Accepted());

        Assert.True(view.IsAccepted);
        Assert.Equal(ExitCode.Success, view.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void T66_AnythingButAWholeAcceptance_IsRefused(string spoiler)
    {
        V1.VerifyResponse response = Verdicts.Accepted();
        Spoiled[spoiler](response);

        VerdictView view = ServiceViews.Of(response);

        Assert.False(view.IsAccepted);
        Assert.Equal(VerdictView.Rejected, view.Outcome);
        Assert.NotEqual(ExitCode.Success, view.ExitCode);
        Assert.NotEmpty(view.Summary);
    }

    [Fact]
    public void T66_UnknownRejection_IsTheGraverOne()
    {
        V1.VerifyResponse response = Verdicts.Refused();
        response.Verdict.Rejection = (Rejection)9;

        Assert.Equal(ExitCode.NotAuthentic, ServiceViews.Of(response).ExitCode);
    }

    [Fact]
    public void Refusal_KeepsItsKind()
    {
        Assert.Equal(ExitCode.Refused, ServiceViews.Of(Verdicts.Refused()).ExitCode);
    }

    [Fact]
    public void TimeOutOfRange_IsLeftOut()
    {
        V1.VerifyResponse response = Verdicts.Accepted();
        response.Verdict.JudgeTime.Seconds = long.MaxValue;

        Assert.Null(ServiceViews.Of(response).JudgeTime);
    }

    [Fact]
    public void ReportFields_AreShownAsSent()
    {
        ReportView report = ServiceViews.Of(Verdicts.Accepted()).Report!;

        Assert.Equal(("0x30000", "0x25", "Milan", "1.58.0"), (report.Policy, report.PlatformInfo, report.Product, report.CurrentFirmware));
        Assert.Equal("bl 4, tee 0, snp 24, ucode 219", report.ReportedTcb!.ToString());
        Assert.Null(report.CurrentTcb);
        Assert.Equal(("0xf", null), (report.LaunchMitigations, report.CurrentMitigations));
    }
}
