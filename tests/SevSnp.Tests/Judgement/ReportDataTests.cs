using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>C26 and C45.</summary>
public sealed class ReportDataTests
{
    private static readonly byte[] Nonce = ReportBuilder.DefaultReportData;
    private static readonly byte[] Manifest = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private static readonly byte[] X = [.. Enumerable.Repeat((byte)3, 66)];
    private static readonly byte[] Y = [.. Enumerable.Repeat((byte)4, 66)];

    [Fact]
    public void Nonce_HoldsAndShowsFreshness()
    {
        AttestationVerdict verdict = Guest.Vcek().MustBeAccepted();
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.ReportDataMatchesBinding));
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.EvidenceIsFresh));
    }

    [Fact]
    public void T56_AnotherNonce_IsRefused()
    {
        byte[] other = [.. Nonce];
        other[63] ^= 1;
        AttestationVerdict verdict = Guest.Vcek().Expect(e => e with { Binding = Guest.Nonce(other) }).MustBeRefused(CheckId.ReportDataMatchesBinding);
        Assert.Equal(CheckStatus.NotEvaluated, verdict.StatusOf(CheckId.EvidenceIsFresh));
        Assert.Null(verdict.Bound);
        CheckResult check = verdict.Of(CheckId.ReportDataMatchesBinding);
        Assert.Equal((Convert.ToHexStringLower(other), Convert.ToHexStringLower(Nonce)), (check.Expected, check.Actual));
    }

    [Fact]
    public void T56_NoBinding_IsRefused() => Guest.Vcek().Expect(e => e with { Binding = null }).MustBeRefused(CheckId.ReportDataMatchesBinding);

    [Fact]
    public void NoBindingWherePolicyAllowsIt_IsAcceptedAndSaid()
    {
        AttestationVerdict verdict = Guest.Vcek()
            .Expect(e => e with { Binding = null })
            .WithPolicy(p => p with { UnsafeAllowUnboundReport = true })
            .MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.ReportDataMatchesBinding));
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.EvidenceIsFresh));
        Assert.Contains("UNSAFE_ALLOW_UNBOUND_REPORT", verdict.WarningIds());
        Assert.Null(verdict.Bound);
    }

    [Fact]
    public void WrongBindingWherePolicyAllowsNone_IsStillRefused() => Guest.Vcek()
        .Expect(e => e with { Binding = Guest.Nonce(new byte[64]) })
        .WithPolicy(p => p with { UnsafeAllowUnboundReport = true })
        .MustBeRefused(CheckId.ReportDataMatchesBinding);

    [Fact]
    public void ExactBytes_HoldWithoutShowingFreshness()
    {
        Assert.True(ReportDataBinding.TryExact(Nonce, out ReportDataBinding? exact, out _));
        AttestationVerdict verdict = Guest.Vcek().Expect(e => e with { Binding = exact }).MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.EvidenceIsFresh));
        Assert.Same(exact, verdict.Bound);
    }

    [Fact]
    public void T62_EachSvsmScheme_HoldsForItsOwnLayoutOnly()
    {
        Assert.True(ReportDataBinding.TrySvsmManifest(Nonce, Manifest, out ReportDataBinding? manifest, out _));
        Assert.True(ReportDataBinding.TrySvsmNegotiated(Nonce, X, Y, out ReportDataBinding? negotiated, out _));
        byte[] manifestData = SHA512.HashData([.. Nonce, .. Manifest]);
        byte[] negotiatedData = SHA512.HashData([.. Nonce, .. X, .. Y]);

        Bound(manifestData, manifest).MustBeAccepted();
        Bound(negotiatedData, negotiated).MustBeAccepted();
        Bound(manifestData, negotiated).MustBeRefused(CheckId.ReportDataMatchesBinding);
        Bound(negotiatedData, manifest).MustBeRefused(CheckId.ReportDataMatchesBinding);
        Bound(Nonce, manifest).MustBeRefused(CheckId.ReportDataMatchesBinding);
    }

    [Fact]
    public void T63_ChangedManifest_IsRefused()
    {
        byte[] changed = [.. Manifest];
        changed[^1] ^= 0x80;
        byte[] shorter = Manifest[..^1];
        foreach (byte[] other in new[] { changed, shorter })
        {
            Assert.True(ReportDataBinding.TrySvsmManifest(Nonce, other, out ReportDataBinding? binding, out _));
            Bound(SHA512.HashData([.. Nonce, .. Manifest]), binding).MustBeRefused(CheckId.ReportDataMatchesBinding);
        }
    }

    [Fact]
    public void T59_ReportBoundToAnotherKey_IsRefused()
    {
        Assert.True(ReportDataBinding.TrySvsmNegotiated(Nonce, Y, X, out ReportDataBinding? other, out _));
        Bound(SHA512.HashData([.. Nonce, .. X, .. Y]), other).MustBeRefused(CheckId.ReportDataMatchesBinding);
    }

    private static Guest Bound(byte[] reportData, ReportDataBinding binding) =>
        Guest.Vcek().WithReport(r => r with { ReportData = reportData }).Expect(e => e with { Binding = binding });
}
