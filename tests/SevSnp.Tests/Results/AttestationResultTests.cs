using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.Results;
using SevSnp.Tests.Judgement;
using Verifier.TestKit;

namespace SevSnp.Tests.Results;

public sealed class AttestationResultTests
{
    private static readonly byte[] Challenge = [.. Enumerable.Repeat((byte)5, 32)];

    [Fact]
    public void GoodGuest_HasItsEvidenceAndTheReferenceThatMatched()
    {
        AttestationResult result = Guest.Vcek().Result();

        Assert.Equal(new Digest384(ReportBuilder.DefaultMeasurement), result.Evidence!.Measurement);
        Assert.Equal("coconut-svsm", result.Reference!.Value.Image);
        Assert.Equal((true, RejectionKind.None, "nonce", "builtin"), (result.IsBound, result.Rejection, result.Scheme, result.PolicyName));
        Assert.Equal(new HexBytes(ReportBuilder.DefaultReportData), result.Nonce);
        Assert.NotNull(result.Evidence.ChipId);
    }

    [Fact]
    public void ForgedReport_HasNoEvidenceAtAll()
    {
        Guest guest = Guest.Vcek();
        byte[] report = guest.Scenario.SignReport();
        report[0x50] ^= 1;
        AttestationVerdict verdict = guest.Decide(guest.Scenario.Authenticate(report, guest.Scenario.Bundle));
        AttestationResult result = guest.Of(verdict);

        Assert.Equal(RejectionKind.NotAuthentic, result.Rejection);
        Assert.Null(result.Evidence);
        Assert.Null(result.Reference);
        Assert.Null(result.AttestedKey);
        Assert.False(result.IsBound);
        Assert.Equal(verdict.EvidenceId, result.EvidenceId);
        Assert.Contains(CheckId.ReportSignatureIsValid, result.FailedChecks);
    }

    // A certificate of another chip fails only after the signature held, which is all the more a reason to say nothing of the report.
    [Fact]
    public void ReportOfAnotherChip_HasNoEvidence()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { ChipId = [.. Enumerable.Repeat((byte)1, 64)] });

        Assert.Null(guest.Result().Evidence);
        Assert.Equal([CheckId.ChipIdMatchesCertificate], guest.Result().FailedChecks);
    }

    [Fact]
    public void RefusedGuest_KeepsItsEvidence_AndSaysWhatFailed()
    {
        AttestationResult result = (Guest.Vcek() with { Values = [] }).WithReport(r => r with { Vmpl = 2 }).Result();

        Assert.Equal((RejectionKind.Refused, 2U), (result.Rejection, result.Evidence!.Vmpl));
        Assert.Equal([CheckId.MeasurementIsRegistered, CheckId.VmplIsAllowed], result.FailedChecks);
        Assert.Null(result.Reference);
    }

    [Fact]
    public void NonceOfTheQuestion_IsKept_WhenTheReportHasAnother()
    {
        byte[] asked = [.. Enumerable.Repeat((byte)1, 64)];
        AttestationResult result = Guest.Vcek().Expect(e => e with { Binding = Guest.Nonce(asked) }).Result();

        Assert.Equal(new HexBytes(asked), result.Nonce);
        Assert.False(result.IsBound);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Challenge_IsANonce_WhereAResultCanCarryIt(int length, bool isCarried)
    {
        ReportDataBinding binding = Negotiated([.. Enumerable.Repeat((byte)5, length)], new byte[66], new byte[66]);

        Assert.Equal(isCarried ? length : 0, AttestationResult.Of(Guest.Vcek().Decide(), binding).Nonce?.Length ?? 0);
    }

    [Fact]
    public void ExactBytes_AreNoNonce()
    {
        Assert.True(ReportDataBinding.TryExact(ReportBuilder.DefaultReportData, out ReportDataBinding? binding, out _));

        Assert.Null(Guest.Vcek().Expect(e => e with { Binding = binding }).Result().Nonce);
    }

    [Fact]
    public void ManifestNonce_IsTheNonce()
    {
        byte[] nonce = [.. Enumerable.Repeat((byte)6, 64)];
        Assert.True(ReportDataBinding.TrySvsmManifest(nonce, [1, 2, 3], out ReportDataBinding? binding, out _));

        Assert.Equal(new HexBytes(nonce), AttestationResult.Of(Guest.Vcek().Decide(), binding).Nonce);
    }

    [Fact]
    public void BoundKey_IsAttested()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        ECPoint point = key.ExportParameters(false).Q;

        Assert.Equal(new HexBytes(key.ExportSubjectPublicKeyInfo()), Bound(point.X!, point.Y!).Result().AttestedKey);
    }

    [Fact]
    public void BoundKey_OfARefusedGuest_IsNotAttested()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        ECPoint point = key.ExportParameters(false).Q;
        AttestationResult result = (Bound(point.X!, point.Y!) with { Values = [] }).Result();

        Assert.True(result.IsBound);
        Assert.Null(result.AttestedKey);
    }

    [Fact]
    public void BoundBytesThatAreNoPoint_AreNoKey()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        ECPoint point = key.ExportParameters(false).Q;
        point.Y![65] ^= 1;
        AttestationResult result = Bound(point.X!, point.Y).Result();

        Assert.True(result.Accepted);
        Assert.Null(result.AttestedKey);
        Assert.Null(Bound([.. Enumerable.Repeat((byte)0xFF, 66)], point.Y).Result().AttestedKey);
    }

    [Fact]
    public void MaskedChip_IsNone()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { ChipId = new byte[64] }).WithPolicy(p => p with { UnsafeAllowMaskedChipId = true });

        Assert.Null(guest.Result().Evidence!.ChipId);
    }

    private static Guest Bound(byte[] x, byte[] y)
    {
        ReportDataBinding binding = Negotiated(Challenge, x, y);
        return Guest.Vcek().WithReport(r => r with { ReportData = binding.Expected.Span.ToArray() }).Expect(e => e with { Binding = binding });
    }

    private static ReportDataBinding Negotiated(byte[] challenge, byte[] x, byte[] y) =>
        ReportDataBinding.TrySvsmNegotiated(challenge, x, y, out ReportDataBinding? binding, out string rule) ? binding : throw new InvalidOperationException(rule);
}
