using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

public sealed class JudgeTests
{
    public static MatrixTheoryData<ProductLine, uint> Guests => new(ProductLines.All, [3U, 4U, 5U]);

    [Theory]
    [MemberData(nameof(Guests))]
    public void GoodGuest_IsAccepted(ProductLine product, uint version)
    {
        AttestationVerdict verdict = Guest.Vcek(product, version).MustBeAccepted();
        Assert.Equal(CheckIds.All(), verdict.Checks.Select(c => c.Id));
        Assert.True(verdict.IsReportAuthentic);
        Assert.Equal(product, verdict.Product);
        Assert.Equal(SimulatedChip.DefaultTcb(product), verdict.Tcbs?.Reported);
        Assert.Equal(("builtin", VirtualAmd.Now), (verdict.PolicyName, verdict.JudgedAt));
        Assert.Equal(Guest.Value().Name, verdict.Reference?.Value.Name);
        Assert.Equal("nonce", verdict.Bound?.Scheme);
        Assert.Equal(verdict.Report.EvidenceId, verdict.EvidenceId);
    }

    [Fact]
    public void GoodGuestUnderAVlek_IsAccepted() => Guest.Vlek().MustBeAccepted();

    [Fact]
    public void SameArguments_GiveTheSameVerdict()
    {
        Guest guest = Guest.Vcek().Demanding(c => c with { Vmpls = new HashSet<uint> { 2 } });
        Authentication authentication = guest.Scenario.Authenticate();
        AttestationVerdict first = guest.Decide(authentication);
        AttestationVerdict second = guest.Decide(authentication);
        Assert.Equal(first.Checks, second.Checks);
        Assert.Equal(first.Warnings, second.Warnings);
        Assert.Equal(first.Summary, second.Summary);
    }

    [Fact]
    public void T02_ChangedReport_IsNotAuthenticAndItsContentIsNotJudged()
    {
        Guest guest = Guest.Vcek();
        byte[] report = guest.Scenario.SignReport();
        report[0x50] ^= 1;
        AttestationVerdict verdict = guest.Decide(guest.Scenario.Authenticate(report, guest.Scenario.Bundle));
        MustBeUnauthentic(verdict, CheckId.ReportSignatureIsValid);
        Assert.Equal(ProductLine.Milan, verdict.Product);
        Assert.NotNull(verdict.Tcbs);
        Assert.NotNull(verdict.Endorsement);
        Assert.Equal(["UNSAFE_EXTRA_ROOT"], verdict.WarningIds());
    }

    [Fact]
    public void T15_UnknownRoot_IsNotAuthentic()
    {
        Guest guest = Guest.Vcek();
        AttestationVerdict verdict = (guest with { Scenario = guest.Scenario with { Roots = TrustRoots.Amd } }).Decide();
        MustBeUnauthentic(verdict, CheckId.RootIsPinned);
        Assert.Null(verdict.Endorsement);
        Assert.Empty(verdict.Warnings);
    }

    [Fact]
    public void T13_UnsignedReport_IsNotAuthentic()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { SigningKey = 7 });
        MustBeUnauthentic(guest.Decide(), CheckId.SigningKeyIsNamed);
    }

    // The signature holds, and yet report and certificate say different things: that is no genuine machine.
    [Fact]
    public void T22_CertificateForAnotherTcb_IsNotAuthenticAndYetJudgedToTheEnd()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { ReportedTcb = r.ReportedTcb with { Snp = 23 } });
        AttestationVerdict verdict = guest.Decide();
        Assert.Equal(RejectionKind.NotAuthentic, verdict.Rejection);
        Assert.Equal([CheckId.ReportedTcbMatchesCertificate], verdict.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id));
        Assert.False(verdict.IsReportAuthentic);
        Assert.Null(verdict.Reference);
        Assert.Null(verdict.Bound);
    }

    [Fact]
    public void T19_CertificateOfAnotherChip_IsNotAuthentic()
    {
        byte[] other = SimulatedChip.Named(ProductLine.Milan, "second").ChipId;
        AttestationVerdict verdict = Guest.Vcek().WithReport(r => r with { ChipId = other }).Decide();
        Assert.Equal(RejectionKind.NotAuthentic, verdict.Rejection);
        Assert.Equal(CheckStatus.Failed, verdict.StatusOf(CheckId.ChipIdMatchesCertificate));
    }

    [Fact]
    public void AllPolicyChecks_AreMadeAfterAFailure()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { Policy = 0xF0000, Vmpl = 2, ReportData = new byte[64], PlatformInfo = 0x05 });
        guest.MustBeRefused(
            CheckId.ReportDataMatchesBinding, CheckId.VmplIsAllowed, CheckId.DebugIsOff, CheckId.MigrationIsOff, CheckId.PlatformInfoIsAllowed);
    }

    [Fact]
    public void ForgedFirstHalf_IsNeverAccepted()
    {
        Guest guest = Guest.Vcek();
        Authentication good = guest.Scenario.Authenticate();
        Assert.True(guest.Decide(good).Accepted);

        Assert.False(guest.Decide(new Authentication(good.Report, [.. good.Checks], null, good.Endorsement)).Accepted);
        Assert.False(guest.Decide(With(good)).Accepted);
        Assert.False(guest.Decide(With(good, [.. good.Checks, good.Checks[0]])).Accepted);
        for (int i = 0; i < good.Checks.Count; i++)
        {
            CheckResult[] without = [.. good.Checks.Where((_, at) => at != i)];
            Assert.False(guest.Decide(With(good, without)).Accepted);
            Assert.False(guest.Decide(With(good, [.. without, good.Checks[i] with { Status = CheckStatus.NotEvaluated }])).Accepted);
        }
    }

    // As only these tests can: outside the library nobody makes or changes an outcome of the first half.
    private static Authentication With(Authentication good, params CheckResult[] checks) => new(good.Report, checks, good.Verified, good.Endorsement);

    [Fact]
    public void ExchangedReport_IsNotTheOneJudged()
    {
        Guest guest = Guest.Vcek();
        Authentication good = guest.Scenario.Authenticate();
        Assert.True(AttestationReport.TryParse(guest.WithReport(r => r with { Vmpl = 1 }).Scenario.SignReport(), out AttestationReport? other, out _));
        AttestationVerdict verdict = Judge.Decide(
            new Authentication(other, [.. good.Checks], good.Verified, good.Endorsement), guest.Policy, guest.Expectations, new MeasurementRecords(other.Measurement, null, guest.Values), guest.Scenario.At);
        Assert.Same(good.Verified?.Report, verdict.Report);
    }

    [Fact]
    public void T53_NothingStated_IsRefused()
    {
        Guest guest = Guest.Vcek() with { Expectations = new(), Values = [] };
        guest.MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.ReportDataMatchesBinding);
    }

    [Fact]
    public void T48_Verdict_SaysWhatItDoesNotCover()
    {
        AttestationVerdict verdict = Guest.Vcek().Decide();
        Assert.Contains(verdict.NotCovered, text => text.Contains("interposers", StringComparison.Ordinal));
        Assert.All(verdict.NotCovered, text => Assert.EndsWith(".", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Replay_IsDeliberatelyNotChecked()
    {
        AttestationVerdict verdict = Guest.Vcek().MustBeAccepted();
        CheckResult replay = verdict.Of(CheckId.EvidenceIsNotReplayed);
        Assert.Equal(CheckStatus.NotRequired, replay.Status);
        Assert.Contains(verdict.EvidenceId.ToString(), replay.Actual, StringComparison.Ordinal);
    }

    private static void MustBeUnauthentic(AttestationVerdict verdict, CheckId failed)
    {
        Assert.Equal((false, RejectionKind.NotAuthentic, false), (verdict.Accepted, verdict.Rejection, verdict.IsReportAuthentic));
        Assert.Equal(CheckIds.All(), verdict.Checks.Select(c => c.Id));
        Assert.Equal(CheckStatus.Failed, verdict.StatusOf(failed));
        Assert.All(verdict.Checks.Where(c => c.Id > CheckId.ChipIdMatchesCertificate), c => Assert.Equal(CheckStatus.NotEvaluated, c.Status));
        Assert.Null(verdict.Reference);
        Assert.Null(verdict.Bound);
        Assert.StartsWith("Not authentic: ", verdict.Summary, StringComparison.Ordinal);
    }
}
