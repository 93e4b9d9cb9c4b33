using SevSnp.Checks;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Tests.Judgement;

/// <summary>C24, C28, C29, C30.</summary>
public sealed class IdBlockTests
{
    private static readonly byte[] IdKey = [.. Enumerable.Repeat((byte)0x1D, 48)];
    private static readonly byte[] AuthorKey = [.. Enumerable.Repeat((byte)0xAA, 48)];
    private static readonly byte[] Family = [.. Enumerable.Repeat((byte)0xFA, 16)];
    private static readonly byte[] Image = [.. Enumerable.Repeat((byte)0x1A, 16)];
    private static readonly SignerRule.Pinned Pinned = new(new HashSet<Digest384> { new(IdKey) }, new HashSet<Digest384>());
    private static readonly SignerRule.Pinned PinnedAuthor = new(new HashSet<Digest384>(), new HashSet<Digest384> { new(AuthorKey) });

    private static Guest Signed => Guest.Vcek().WithReport(r => r with { IdKeyDigest = IdKey, GuestSvn = 5, FamilyId = Family, ImageId = Image });

    private static Guest SignedByAuthor => Signed.WithReport(r => r with { AuthorKeyEnabled = true, AuthorKeyDigest = AuthorKey });

    [Fact]
    public void NoRule_AcceptsWithAndWithoutAnIdBlock()
    {
        Guest.Vcek().MustBeAccepted();
        Signed.MustBeAccepted();
        SignedByAuthor.MustBeAccepted();
    }

    [Fact]
    public void PinnedIdKey_IsAcceptedAndAnotherRefused()
    {
        Rule(Signed, Pinned).MustBeAccepted();
        for (int i = 0; i < 48; i++)
        {
            byte[] other = [.. IdKey];
            other[i] ^= 1;
            Rule(Signed.WithReport(r => r with { IdKeyDigest = other }), Pinned).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
        }

        Rule(Guest.Vcek(), Pinned).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T52_AuthorKey_CountsWithItsFlagOnly()
    {
        Rule(SignedByAuthor, PinnedAuthor).MustBeAccepted();
        Rule(Signed, PinnedAuthor).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
        Rule(Signed.WithReport(r => r with { AuthorKeyDigest = AuthorKey }), PinnedAuthor).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T52_FlagAndDigest_MustAgreeWhateverIsStated()
    {
        Signed.WithReport(r => r with { AuthorKeyDigest = AuthorKey }).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
        Signed.WithReport(r => r with { AuthorKeyEnabled = true }).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
        Guest.Vcek().WithReport(r => r with { AuthorKeyEnabled = true, AuthorKeyDigest = AuthorKey }).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T52_ZeroDigest_IsNeverAPinnedKey()
    {
        SignerRule.Pinned zero = new(new HashSet<Digest384> { default }, new HashSet<Digest384> { default });
        Rule(Guest.Vcek(), zero).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
        Rule(Signed, zero).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T53_EmptySetsOfKeys_AllowNoSigner()
    {
        SignerRule.Pinned nobody = new(new HashSet<Digest384>(), new HashSet<Digest384>());
        CheckResult check = Rule(SignedByAuthor, nobody).MustBeRefused(CheckId.IdBlockSignerIsAllowed).Of(CheckId.IdBlockSignerIsAllowed);
        Assert.Equal("no signer is allowed (policy)", check.Expected);
        Rule(Guest.Vcek(), nobody).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void NoIdBlockDemanded_RefusesOne()
    {
        Rule(Guest.Vcek(), new SignerRule.NoIdBlock()).MustBeAccepted();
        Rule(Signed, new SignerRule.NoIdBlock()).MustBeRefused(CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T54_GuestSvn_BelowEqualAbove()
    {
        Rule(Signed, Pinned with { MinGuestSvn = 4 }).MustBeAccepted();
        Rule(Signed, Pinned with { MinGuestSvn = 5 }).MustBeAccepted();
        CheckResult check = Rule(Signed, Pinned with { MinGuestSvn = 6 }).MustBeRefused(CheckId.GuestSvnMeetsMinimum).Of(CheckId.GuestSvnMeetsMinimum);
        Assert.Equal(("GUEST_SVN at least 6 (policy)", "GUEST_SVN 5"), (check.Expected, check.Actual));
        Rule(Signed.WithReport(r => r with { GuestSvn = uint.MaxValue }), Pinned with { MinGuestSvn = uint.MaxValue }).MustBeAccepted();
        Rule(Signed.WithReport(r => r with { GuestSvn = uint.MaxValue - 1 }), Pinned with { MinGuestSvn = uint.MaxValue }).MustBeRefused(CheckId.GuestSvnMeetsMinimum);
    }

    [Fact]
    public void T54_SvnOfAnotherSigner_MeansNothing()
    {
        Guest other = Rule(Signed.WithReport(r => r with { IdKeyDigest = AuthorKey, GuestSvn = 100 }), Pinned with { MinGuestSvn = 6 });
        other.MustBeRefused(CheckId.GuestSvnMeetsMinimum, CheckId.IdBlockSignerIsAllowed);
    }

    [Fact]
    public void T54_StrictestSvnOfAllThree_Counts()
    {
        Guest guest = Rule(Signed, Pinned with { MinGuestSvn = 3 });
        guest.Expecting(c => c with { Signer = Pinned with { MinGuestSvn = 5 } }).MustBeAccepted();
        guest.Expecting(c => c with { Signer = Pinned with { MinGuestSvn = 6 } }).MustBeRefused(CheckId.GuestSvnMeetsMinimum);
        guest.Registered(c => c with { Signer = Pinned with { MinGuestSvn = 6 } })
            .MustBeRefused(CheckId.GuestSvnMeetsMinimum, CheckId.MeasurementIsRegistered);
    }

    [Fact]
    public void T54_FamilyAndImage_AreExact()
    {
        SignerRule.Pinned ids = Pinned with { FamilyId = new HexBytes(Family), ImageId = new HexBytes(Image) };
        Rule(Signed, ids).MustBeAccepted();
        Rule(Signed, Pinned with { FamilyId = new HexBytes(Family) }).MustBeAccepted();
        Rule(Signed, Pinned with { ImageId = new HexBytes(Image) }).MustBeAccepted();
        Rule(Signed, ids with { FamilyId = new HexBytes(Image) }).MustBeRefused(CheckId.FamilyAndImageMatch);
        Rule(Signed, ids with { ImageId = new HexBytes(Family) }).MustBeRefused(CheckId.FamilyAndImageMatch);
        Rule(Signed, ids with { ImageId = new HexBytes(Image.AsSpan(0, 15)) }).MustBeRefused(CheckId.FamilyAndImageMatch);
        Rule(Signed.WithReport(r => r with { IdKeyDigest = AuthorKey }), ids).MustBeRefused(CheckId.IdBlockSignerIsAllowed, CheckId.FamilyAndImageMatch);
    }

    [Fact]
    public void FieldsWithoutAnIdBlock_AreRefused()
    {
        Guest.Vcek().WithReport(r => r with { GuestSvn = 1 }).MustBeRefused(CheckId.IdBlockFieldsAreConsistent);
        Guest.Vcek().WithReport(r => r with { FamilyId = Family }).MustBeRefused(CheckId.IdBlockFieldsAreConsistent);
        Guest.Vcek().WithReport(r => r with { ImageId = Image }).MustBeRefused(CheckId.IdBlockFieldsAreConsistent);
    }

    private static Guest Rule(Guest guest, SignerRule rule) => guest.Demanding(c => c with { Signer = rule });
}
