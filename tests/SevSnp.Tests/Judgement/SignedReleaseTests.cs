using SevSnp.Checks;
using SevSnp.Explanation;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;

namespace SevSnp.Tests.Judgement;

/// <summary>C25 by signer: a reference value that trusts what a key has signed.</summary>
public sealed class SignedReleaseTests
{
    private const string Name = "tenants/default/referenceValues/by-signer";

    private static readonly byte[] IdKey = Filled(48, 0x1D);
    private static readonly byte[] AuthorKey = Filled(48, 0xAA);
    private static readonly byte[] Family = Filled(16, 0xFA);
    private static readonly byte[] Image = Filled(16, 0x1A);

    private static readonly SignerRule.Pinned Rule = new(new HashSet<Digest384> { new(IdKey) }, new HashSet<Digest384>())
    {
        MinGuestSvn = 5,
        FamilyId = new HexBytes(Family),
        ImageId = new HexBytes(Image),
    };

    private static readonly SignerRule.Pinned AuthorRule = Rule with { IdKeyDigests = new HashSet<Digest384>(), AuthorKeyDigests = new HashSet<Digest384> { new(AuthorKey) } };

    // Nobody registered the measurement; the ID block was signed.
    private static Guest Signed => Guest.Vcek().WithReport(r => r with { IdKeyDigest = IdKey, GuestSvn = 5, FamilyId = Family, ImageId = Image }) with { Values = [], OfSigners = [Value()] };

    private static Guest SignedByAuthor => Signed.WithReport(r => r with { AuthorKeyEnabled = true, AuthorKeyDigest = AuthorKey }) with { OfSigners = [Value(AuthorRule)] };

    [Fact]
    public void SignedRelease_IsAccepted_AndToldApart()
    {
        AttestationVerdict verdict = Signed.MustBeAccepted();

        Assert.Equal((Name, null), (verdict.Reference?.Value.Name, verdict.Reference?.Measurement));
        Assert.Contains("ACCEPTED_BY_SIGNER", verdict.WarningIds());
        Assert.EndsWith(", by the signer of the ID block", verdict.Of(CheckId.MeasurementIsRegistered).Expected, StringComparison.Ordinal);
        SignedByAuthor.MustBeAccepted();
    }

    [Fact]
    public void RegisteredMeasurement_ComesBeforeItsSigner()
    {
        AttestationVerdict verdict = (Signed with { Values = [Guest.Value()] }).MustBeAccepted();

        Assert.Equal(Guest.Value().Name, verdict.Reference?.Value.Name);
        Assert.DoesNotContain("ACCEPTED_BY_SIGNER", verdict.WarningIds());
    }

    [Fact]
    public void AnotherKey_FamilyOrImageByOneBit_OrALowerSvn_IsRefused()
    {
        for (int i = 0; i < 48; i++)
        {
            Refused(Signed.WithReport(r => r with { IdKeyDigest = Flipped(IdKey, i) }), "names another signer");
        }

        for (int i = 0; i < 16; i++)
        {
            Refused(Signed.WithReport(r => r with { FamilyId = Flipped(Family, i) }), "FAMILY_AND_IMAGE_MATCH", CheckId.FamilyAndImageMatch);
            Refused(Signed.WithReport(r => r with { ImageId = Flipped(Image, i) }), "FAMILY_AND_IMAGE_MATCH", CheckId.FamilyAndImageMatch);
        }

        Refused(Signed.WithReport(r => r with { GuestSvn = 4 }), "GUEST_SVN_MEETS_MINIMUM", CheckId.GuestSvnMeetsMinimum);
        Signed.WithReport(r => r with { GuestSvn = 6 }).MustBeAccepted();
    }

    [Fact]
    public void T52_NoIdBlock_MatchesNothing_NotEvenAZeroKey()
    {
        SignerRule.Pinned zero = Rule with { IdKeyDigests = new HashSet<Digest384> { default }, AuthorKeyDigests = new HashSet<Digest384> { default }, MinGuestSvn = 0 };
        SignerRule.Pinned zeroIds = zero with { FamilyId = new HexBytes(new byte[16]), ImageId = new HexBytes(new byte[16]) };
        foreach (SignerRule.Pinned rule in new[] { Rule, zero, zeroIds })
        {
            Refused(Guest.Vcek() with { Values = [], OfSigners = [Value(rule)] }, "names another signer");
        }
    }

    [Fact]
    public void T52_AuthorKey_CountsWithItsFlagOnly()
    {
        Refused(Signed with { OfSigners = [Value(AuthorRule)] }, "names another signer");
        Guest unflagged = SignedByAuthor.WithReport(r => r with { AuthorKeyEnabled = false });
        unflagged.MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.IdBlockSignerIsAllowed);
        Refused(SignedByAuthor.WithReport(r => r with { AuthorKeyDigest = Flipped(AuthorKey, 0) }), "names another signer");

        // An author key that is pinned is not thereby an ID key, nor the other way round.
        Refused(Signed.WithReport(r => r with { IdKeyDigest = AuthorKey }) with { OfSigners = [Value(AuthorRule)] }, "names another signer");
        Refused(SignedByAuthor.WithReport(r => r with { AuthorKeyDigest = IdKey, IdKeyDigest = AuthorKey }) with { OfSigners = [Value()] }, "names another signer");
    }

    [Fact]
    public void SignersOfAReport_AreThoseThatMeanSomething()
    {
        Assert.Equal([new Digest384(IdKey)], Parsed(Signed).IdBlockSigners);
        Assert.Equal([new Digest384(IdKey), new Digest384(AuthorKey)], Parsed(SignedByAuthor).IdBlockSigners);
        Assert.Equal([new Digest384(IdKey)], Parsed(SignedByAuthor.WithReport(r => r with { AuthorKeyEnabled = false })).IdBlockSigners);
        Assert.Empty(Parsed(Guest.Vcek()).IdBlockSigners);
        Assert.Empty(Parsed(Guest.Vcek().WithReport(r => r with { AuthorKeyEnabled = true, AuthorKeyDigest = AuthorKey })).IdBlockSigners);
    }

    [Fact]
    public void ValueThatDoesNotSayWhatItTrusts_NeverMatches()
    {
        ReferenceValue[] incomplete =
        [
            Value() with { AcceptsBySigner = false },
            Value(Rule with { FamilyId = null }),
            Value(Rule with { ImageId = null }),
            Value(new SignerRule.NoIdBlock()),
            Value() with { Constraints = Constraints.None },
            Value() with { Measurements = Guest.Value().Measurements },
        ];
        foreach (ReferenceValue value in incomplete)
        {
            Refused(Signed with { OfSigners = [value] }, "does not accept by signer");
        }
    }

    [Fact]
    public void ValueThatAcceptsBySigner_IsNoMeasurement() =>
        Refused(Signed with { Values = [Value()], OfSigners = [] }, "does not have this measurement");

    [Theory]
    [InlineData(ReferenceState.Pending)]
    [InlineData(ReferenceState.Revoked)]
    [InlineData(ReferenceState.Unspecified)]
    public void UnusableState_IsRefused(ReferenceState state) => Refused(Signed with { OfSigners = [Value() with { State = state }] }, Name);

    [Fact]
    public void Expired_OfAnotherImage_OrAgainstAnotherConstraint_IsRefused()
    {
        Refused(Signed with { OfSigners = [Value() with { ExpireTime = Verifier.TestKit.VirtualAmd.Now }] }, "expired on");
        Refused(Signed.Expect(e => e with { Image = "another" }), "is of image 'coconut-svsm'");
        Refused(Signed.Expect(e => e with { Kinds = new HashSet<LaunchKind> { LaunchKind.Ovmf } }), "is of kind");
        ReferenceValue demanding = Value() with { Constraints = Value().Constraints with { Vmpls = new HashSet<uint> { 3 } } };
        Refused(Signed with { OfSigners = [demanding] }, "VMPL_IS_ALLOWED", CheckId.VmplIsAllowed);
    }

    [Fact]
    public void T51_RevokedMeasurement_BeatsItsSigner()
    {
        Tombstone tombstone = new(new Digest384(Verifier.TestKit.ReportBuilder.DefaultMeasurement), "CVE-2026-0001", "tenants/default/referenceValues/old", DateTimeOffset.UnixEpoch);
        Refused(Signed with { Tombstone = tombstone }, "revoked on");
        Refused(Signed with { Values = [Guest.Value() with { State = ReferenceState.Revoked }] }, "is revoked");
    }

    [Fact]
    public void T51_RevokedTrust_IsNotHeldUpByTheSameTrustRegisteredTwice()
    {
        ReferenceValue revoked = Value() with { Name = "tenants/default/referenceValues/withdrawn", State = ReferenceState.Revoked };
        Refused(Signed with { OfSigners = [revoked, Value()] }, "trusts no more than tenants/default/referenceValues/withdrawn did");
        Refused(Signed with { OfSigners = [Value(Rule with { MinGuestSvn = 4 }), revoked] }, "trusts no more than");

        // Trust in what is newer than all that was withdrawn is another trust.
        Guest newer = Signed.WithReport(r => r with { GuestSvn = 6 });
        (newer with { OfSigners = [revoked, Value(Rule with { MinGuestSvn = 6 })] }).MustBeAccepted();

        // And so is trust in another key, family or image.
        foreach (SignerRule.Pinned other in new[] { AuthorRule, Rule with { FamilyId = new HexBytes(Image) }, Rule with { ImageId = new HexBytes(Family) } })
        {
            (Signed with { OfSigners = [revoked with { Constraints = Value(other).Constraints }, Value()] }).MustBeAccepted();
        }
    }

    [Fact]
    public void RefusedSignedRelease_IsExplained()
    {
        Guest guest = Signed.WithReport(r => r with { GuestSvn = 4 });
        AttestationVerdict verdict = guest.Decide();

        IReadOnlyList<Cause> causes = Explainer.Explain(verdict, new MeasurementRecords(verdict.Report.Measurement, null, []) { OfSigners = guest.OfSigners }, []);

        Assert.Equal(["SIGNED_RELEASE_NOT_ACCEPTED", "GUEST_SVN_TOO_LOW"], causes.Select(c => c.Id));
        Assert.Equal(Name, causes[0].ReferenceName);
        Assert.Contains("GUEST_SVN at least 5", causes[0].Text, StringComparison.Ordinal);
    }

    private static void Refused(Guest guest, string why, params CheckId[] also)
    {
        CheckId[] expected = [.. also.Append(CheckId.MeasurementIsRegistered).Order()];
        AttestationVerdict verdict = guest.MustBeRefused(expected);
        Assert.Contains(why, verdict.Of(CheckId.MeasurementIsRegistered).Detail, StringComparison.Ordinal);
        Assert.Null(verdict.Reference);
    }

    private static ReferenceValue Value(SignerRule? rule = null) => Guest.Value() with
    {
        Name = Name,
        Measurements = [],
        AcceptsBySigner = true,
        Constraints = Constraints.None with { Signer = rule ?? Rule },
    };

    private static AttestationReport Parsed(Guest guest) =>
        AttestationReport.TryParse(guest.Scenario.Report.Build(), out AttestationReport? report, out EvidenceFault fault) ? report : throw new InvalidOperationException(fault.ToString());

    private static byte[] Filled(int size, byte value) => [.. Enumerable.Repeat(value, size)];

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes.Select((b, i) => i == at ? (byte)(b ^ 1) : b)];
}
