using System.Text;
using Verifier.Service.Tokens;

namespace Verifier.Tests.Tokens;

/// <summary>Keys come and go; what was signed stays verifiable, and nobody meets a signature by a key not yet published for long enough.</summary>
public sealed class KeyRingTests
{
    private static readonly TimeSpan Activation = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(6);
    private static readonly DateTimeOffset T0 = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TokenKey A = New();
    private static readonly TokenKey B = New();
    private static readonly TokenKey C = New();

    [Fact]
    public void AtTheStart_TheFirstSigns_AndAllArePublished()
    {
        KeyRing ring = Start(null, A, B);

        Assert.Equal(A.Id, Signer(ring, 0));
        Assert.Equal([A.Id, B.Id], Published(ring, 0));
    }

    [Fact]
    public void WithoutAKey_NobodySigns() => Assert.Null(Signer(Start(null, null), 0));

    [Fact]
    public void AddedBehind_IsPublishedAtOnce_AndNeverSignsWhileTheFirstIsThere()
    {
        KeyRing ring = Start(A, null).Update([A, B], At(1));

        Assert.Equal([A.Id, B.Id], Published(ring, 1));
        Assert.Equal(A.Id, Signer(ring, 100));
    }

    [Fact]
    public void PutFirst_WhenPublishedForLongEnough_SignsAtOnce()
    {
        KeyRing ring = Start(A, null).Update([A, B], At(1)).Update([B, A], At(6));

        Assert.Equal(B.Id, Signer(ring, 6));
        Assert.Equal([B.Id, A.Id], Published(ring, 6));
    }

    [Fact]
    public void PutFirst_TooEarly_SignsAfterTheDelay()
    {
        KeyRing ring = Start(A, null).Update([B, A], At(1));

        Assert.Equal(A.Id, Signer(ring, 5.9));
        Assert.Equal(B.Id, Signer(ring, 6));
    }

    [Fact]
    public void Replaced_SignsUntilItsSuccessorMay_AndStaysUntilItsTokensHaveExpired()
    {
        KeyRing ring = Start(A).Update([B], At(1));

        Assert.Equal([B.Id, A.Id], Published(ring, 1));
        Assert.Equal((A.Id, B.Id), (Signer(ring, 5.9), Signer(ring, 6)));
        Assert.Equal([B.Id, A.Id], Published(ring.Update([B], At(11.9)), 11.9));
        Assert.Equal([B.Id], Published(ring.Update([B], At(12)), 12));
        Assert.Equal([B.Id], Published(ring, 12));
    }

    [Fact]
    public void ReplacedTwice_BeforeTheFirstSuccessorSigned_TheOldOneGoesOn()
    {
        KeyRing ring = Start(A).Update([B], At(1)).Update([C], At(3));

        Assert.Equal((A.Id, A.Id, C.Id), (Signer(ring, 3), Signer(ring, 7.9), Signer(ring, 8)));
        Assert.Contains(A.Id, Published(ring, 13.9));
        Assert.DoesNotContain(A.Id, Published(ring, 14));
    }

    [Fact]
    public void TakenAway_NeverSignsAgain_ButStaysPublished()
    {
        KeyRing ring = Start(A, B).Update([null, B], At(1));

        Assert.Equal(B.Id, Signer(ring, 1));
        Assert.Equal([B.Id, A.Id], Published(ring, 6.9));
        Assert.Equal([B.Id], Published(ring, 7));
    }

    // Better a key that some have not seen than one that was taken away, for instance because it leaked.
    [Fact]
    public void TakenAway_WhileTheOnlyOtherIsNew_TheNewOneSigns() => Assert.Equal(B.Id, Signer(Start(A, null).Update([null, B], At(1)), 1));

    [Fact]
    public void LastOneTakenAway_NobodySigns()
    {
        KeyRing ring = Start(A).Update([null], At(1));

        Assert.Null(Signer(ring, 1));
        Assert.Equal([A.Id], Published(ring, 1));
    }

    [Fact]
    public void ComingBack_NeedsNoSecondDelay()
    {
        KeyRing ring = Start(A).Update([B], At(1)).Update([A], At(2));

        Assert.Equal(A.Id, Signer(ring, 2));
        Assert.Equal([A.Id, B.Id], Published(ring, 2));
    }

    [Fact]
    public void SameKeyInTwoFiles_IsOneKey() => Assert.Equal([A.Id], Published(Start(A, A), 0));

    [Fact]
    public void NothingChanged_ChangesNothing()
    {
        KeyRing ring = Start(A).Update([B], At(1)).Update([B], At(2)).Update([B], At(5));

        Assert.Equal((A.Id, B.Id), (Signer(ring, 5.9), Signer(ring, 6)));
    }

    private static KeyRing Start(params TokenKey?[] slots) => KeyRing.Start(new KeyRingTimes(Activation, Overlap), slots);

    private static DateTimeOffset At(double minutes) => T0.AddMinutes(minutes);

    private static string? Signer(KeyRing ring, double minutes) => ring.SignerAt(At(minutes))?.Id;

    private static IEnumerable<string> Published(KeyRing ring, double minutes) => ring.PublishedAt(At(minutes)).Select(k => k.Id);

    private static TokenKey New() =>
        TokenKey.TryParse(Encoding.ASCII.GetBytes(TokenKey.NewPem()), out TokenKey? key) ? key : throw new InvalidOperationException("A new key must parse.");
}
