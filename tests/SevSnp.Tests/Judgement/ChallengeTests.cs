using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.Results;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>C45 and C46 for bindings by an issued challenge.</summary>
public sealed class ChallengeTests
{
    private static readonly byte[] Challenge = ReportBuilder.DefaultReportData;

    [Fact]
    public void SpentChallenge_HoldsAndShowsFreshness()
    {
        AttestationVerdict verdict = Guest.Vcek().Expect(e => e with { Binding = Direct(), ChallengeIsSpent = true }).MustBeAccepted();

        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.EvidenceIsFresh));
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.EvidenceIsNotReplayed));
        Assert.Equal("challenge", verdict.Bound?.Scheme);
    }

    [Fact]
    public void T57_ChallengeThatNobodySpent_IsRefused()
    {
        AttestationVerdict verdict = Guest.Vcek().Expect(e => e with { Binding = Direct() }).MustBeRefused(CheckId.EvidenceIsNotReplayed);

        Assert.Equal(CheckStatus.NotEvaluated, verdict.StatusOf(CheckId.EvidenceIsFresh));
        Assert.Null(verdict.Bound);
    }

    [Fact]
    public void T57_SpentChallengeOfOtherBytes_IsRefused()
    {
        byte[] other = [.. Challenge];
        other[0] ^= 1;
        Assert.True(ReportDataBinding.TryChallenge(other, out ReportDataBinding? binding, out _));

        AttestationVerdict verdict = Guest.Vcek().Expect(e => e with { Binding = binding, ChallengeIsSpent = true }).MustBeRefused(CheckId.ReportDataMatchesBinding);

        Assert.Equal(CheckStatus.NotEvaluated, verdict.StatusOf(CheckId.EvidenceIsNotReplayed));
    }

    // A word that a challenge was spent says nothing of a nonce.
    [Fact]
    public void SpentChallengeWithAnotherScheme_ChangesNothing() => Assert.Equal(
        CheckStatus.NotRequired,
        Guest.Vcek().Expect(e => e with { ChallengeIsSpent = true }).MustBeAccepted().StatusOf(CheckId.EvidenceIsNotReplayed));

    [Fact]
    public void EachScheme_HashesTheChallengeFirst()
    {
        byte[] x = [.. Enumerable.Repeat((byte)1, 66)], y = [.. Enumerable.Repeat((byte)2, 66)], manifest = [3, 4];
        Assert.True(ReportDataBinding.TryChallengeWithManifest(Challenge, manifest, out ReportDataBinding? withManifest, out _));
        Assert.True(ReportDataBinding.TryChallengeWithKey(Challenge, x, y, out ReportDataBinding? withKey, out _));
        Assert.True(ReportDataBinding.TryChallengeWithParts(Challenge, [(x, 66), (manifest, null)], out ReportDataBinding? withParts, out _));

        Assert.Equal(("challenge_svsm_manifest", "challenge_svsm_negotiated", "challenge_sha512"), (withManifest.Scheme, withKey.Scheme, withParts.Scheme));
        Assert.Equal(new HexBytes(SHA512.HashData([.. Challenge, .. manifest])), withManifest.Expected);
        Assert.Equal(new HexBytes(SHA512.HashData([.. Challenge, .. x, .. y])), withKey.Expected);
        Assert.Equal(new HexBytes(SHA512.HashData([.. Challenge, .. x, .. manifest])), withParts.Expected);
        Assert.All(new[] { withManifest, withKey, withParts }, b => Assert.Equal((new HexBytes(Challenge), b.Parts[0]), (b.Challenge, new HexBytes(Challenge))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void T58_ChallengeOfAnotherLength_IsNone(int length)
    {
        byte[] challenge = new byte[length];
        string rule = $"challenge must be exactly 64 bytes long, is {length}";

        Assert.Equal((false, rule), (ReportDataBinding.TryChallenge(challenge, out _, out string direct), direct));
        Assert.Equal((false, rule), (ReportDataBinding.TryChallengeWithManifest(challenge, [1], out _, out string manifest), manifest));
        Assert.Equal((false, rule), (ReportDataBinding.TryChallengeWithKey(challenge, new byte[66], new byte[66], out _, out string key), key));
        Assert.Equal((false, rule), (ReportDataBinding.TryChallengeWithParts(challenge, [(new byte[1], 1u)], out _, out string parts), parts));
    }

    [Fact]
    public void PartsBesideTheChallenge_AreBounded()
    {
        Assert.False(ReportDataBinding.TryChallengeWithParts(Challenge, [], out _, out string none));
        Assert.False(ReportDataBinding.TryChallengeWithParts(Challenge, [.. Enumerable.Repeat(((ReadOnlyMemory<byte>)new byte[1], (uint?)1), 16)], out _, out string many));
        Assert.False(ReportDataBinding.TryChallengeWithParts(Challenge, [(new byte[16 * 1024 - 63], null)], out _, out string large));
        Assert.True(ReportDataBinding.TryChallengeWithParts(Challenge, [(new byte[16 * 1024 - 64], null)], out _, out _));
        Assert.Equal(("must have 1 to 15 parts beside the challenge, has 0", "must have 1 to 15 parts beside the challenge, has 16"), (none, many));
        Assert.Contains("16384 bytes together", large, StringComparison.Ordinal);
    }

    [Fact]
    public void AttestationResult_CarriesTheChallenge_AndTheKeyBoundWithIt()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        ECPoint point = key.ExportParameters(false).Q;
        Assert.True(ReportDataBinding.TryChallengeWithKey(Challenge, point.X, point.Y, out ReportDataBinding? binding, out _));
        Guest guest = Guest.Vcek().WithReport(r => r with { ReportData = binding.Expected.Span.ToArray() }).Expect(e => e with { Binding = binding });

        AttestationResult accepted = AttestationResult.Of(guest.Expect(e => e with { ChallengeIsSpent = true }).MustBeAccepted(), binding);
        AttestationResult replayed = AttestationResult.Of(guest.MustBeRefused(CheckId.EvidenceIsNotReplayed), binding);

        Assert.Equal((new HexBytes(Challenge), new HexBytes(key.ExportSubjectPublicKeyInfo())), (accepted.Nonce, accepted.AttestedKey));
        Assert.Equal((new HexBytes(Challenge), null), (replayed.Nonce, replayed.AttestedKey));
    }

    private static ReportDataBinding Direct()
    {
        Assert.True(ReportDataBinding.TryChallenge(Challenge, out ReportDataBinding? binding, out _));
        return binding;
    }
}
