using SevSnp.Explanation;
using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Explanation;

/// <summary>Each claim is compared with its own field of the report, and what is not said is not compared.</summary>
public sealed class ClaimComparisonTests
{
    private static readonly AttestationReport Report = Parse(new ReportBuilder { GuestSvn = 3, IdKeyDigest = Filled(1, 48), FamilyId = Filled(2, 16), ImageId = Filled(3, 16) });

    private static readonly LaunchClaims Right = new()
    {
        Policy = new GuestPolicy(0x30000),
        Vmpls = [0],
        GuestSvn = 3,
        FamilyId = new HexBytes(Filled(2, 16)),
        ImageId = new HexBytes(Filled(3, 16)),
        IdKeyDigest = new Digest384(Filled(1, 48)),
        AuthorKeyDigest = default(Digest384),
    };

    [Fact]
    public void WhatIsRight_DiffersNowhere() => Assert.Empty(ClaimComparison.Differences(Right, Report));

    [Fact]
    public void WhatIsNotSaid_DiffersNowhere() => Assert.Empty(ClaimComparison.Differences(new LaunchClaims(), Report));

    [Fact]
    public void EachField_DiffersAlone()
    {
        (LaunchClaims Claims, string Field)[] wrong =
        [
            (Right with { Policy = new GuestPolicy(0x20000) }, "policy.Smt"),
            (Right with { Policy = new GuestPolicy(0xB0000) }, "policy.Debug"),
            (Right with { Policy = new GuestPolicy(0x30001) }, "policy.abi"),
            (Right with { Policy = new GuestPolicy(0x10000) }, "policy"),
            (Right with { Policy = new GuestPolicy(0x30000 | (1UL << 63)) }, "policy"),
            (Right with { Vmpls = [1, 2] }, "vmpl"),
            (Right with { GuestSvn = 2 }, "guest_svn"),
            (Right with { FamilyId = new HexBytes(new byte[16]) }, "family_id"),
            (Right with { ImageId = new HexBytes(new byte[16]) }, "image_id"),
            (Right with { IdKeyDigest = new Digest384(Filled(9, 48)) }, "id_key_digest"),
            (Right with { AuthorKeyDigest = new Digest384(Filled(9, 48)) }, "author_key_digest"),
        ];
        Assert.Equal(wrong.Select(w => w.Field), wrong.Select(w => Assert.Single(ClaimComparison.Differences(w.Claims, Report)).Field));
    }

    [Theory]
    [InlineData(2, 1, "newer")]
    [InlineData(4, 1, "older")]
    [InlineData(2, 9, "not given by the signer")]
    [InlineData(4, 9, "not given by the signer")]
    public void Version_IsOlderOrNewerOnlyThanThatOfTheSameSigner(uint claimed, byte key, string expected)
    {
        LaunchClaims claims = Right with { GuestSvn = claimed, IdKeyDigest = new Digest384(Filled(key, 48)) };
        Assert.Contains(expected, ClaimComparison.Differences(claims, Report)[0].Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void VersionWithoutAKey_IsNobodysWord()
    {
        LaunchClaims claims = new() { GuestSvn = 1, IdKeyDigest = default(Digest384) };
        Assert.Contains("not given by the signer", Assert.Single(ClaimComparison.Differences(claims, Parse(new ReportBuilder { GuestSvn = 3 }))).Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPolicyBit_HasItsWords()
    {
        GuestPolicyBits[] bits = [.. Enum.GetValues<GuestPolicyBits>().Where(b => b != GuestPolicyBits.None)];
        string[] words = [.. bits.SelectMany(b => new[] { PolicyWords.Of(b, true), PolicyWords.Of(b, false) })];
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.DoesNotContain(words, w => w.StartsWith("the bit", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryProfileAndDeviation_HasItsWords()
    {
        string[] words = [.. LaunchProfiles.All.SelectMany(p => Enum.GetValues<LaunchDeviation>().Select(d => LaunchWords.Of(p, deviation: d)))];
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact]
    public void Kinship_IsBySignerAndImage()
    {
        Assert.Equal(Kinship.SameImage, Kinships.Of(Right with { GuestSvn = 1 }, Report));
        Assert.Equal(Kinship.SameSigner, Kinships.Of(Right with { ImageId = new HexBytes(new byte[16]) }, Report));
        Assert.Equal(Kinship.None, Kinships.Of(Right with { IdKeyDigest = new Digest384(Filled(9, 48)) }, Report));
        Assert.Equal(Kinship.None, Kinships.Of(new LaunchClaims(), Report));

        // No key at all is not the same key.
        Assert.Equal(Kinship.None, Kinships.Of(Right with { IdKeyDigest = default(Digest384) }, Parse(new ReportBuilder())));
    }

    private static AttestationReport Parse(ReportBuilder builder) =>
        AttestationReport.TryParse(builder.Build(), out AttestationReport? report, out var fault) ? report : throw new InvalidOperationException(fault.ToString());

    private static byte[] Filled(byte value, int length) => [.. Enumerable.Repeat(value, length)];
}
