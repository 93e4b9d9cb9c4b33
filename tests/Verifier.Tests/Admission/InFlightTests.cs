using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>T94: how many calls are in the house at a time, whatever they do there.</summary>
public sealed class InFlightTests
{
    private readonly InFlightCounts _counts = new(64);

    [Fact]
    public void OneCaller_HasHalfAtMost_TwoHaveAThirdEach()
    {
        Assert.Equal(32, Take(Lane.Verify, "a"));
        Assert.Equal(RefusalReason.CallerShare, _counts.TryEnter(Lane.Verify, "a", out _));

        Assert.Equal(16, Take(Lane.Verify, "b"));
        Assert.Equal(8, Take(Lane.Verify, "c"));
    }

    [Fact]
    public void Revocation_ComesIn_ThoughItsCallerFloods()
    {
        Take(Lane.Verify, "a");

        Assert.Null(_counts.TryEnter(Lane.Revocation, "a", out bool isOwn));
        Assert.True(isOwn);
    }

    [Fact]
    public void FullHouse_HasRoomInEachLane_ForThoseWhoHaveNothing()
    {
        for (int caller = 0; caller < 200; caller++)
        {
            Take(Lane.Verify, $"{caller}");
        }

        Assert.Equal(RefusalReason.Overloaded, _counts.TryEnter(Lane.Verify, "new", out _));
        Assert.Null(_counts.TryEnter(Lane.Read, "new", out _));
        Assert.Equal(RefusalReason.CallerShare, _counts.TryEnter(Lane.Read, "new", out _));
        Assert.Null(_counts.TryEnter(Lane.Challenge, "other", out _));
        Assert.Equal(64 + 2 + 2, _counts.All);
    }

    [Fact]
    public void CallersWhoHaveLeft_AreForgotten()
    {
        Assert.Null(_counts.TryEnter(Lane.Verify, "a", out bool isOwn));
        Assert.Equal(1, _counts.Callers);

        _counts.Leave(Lane.Verify, "a", isOwn);

        Assert.Equal((0, 0), (_counts.Callers, _counts.All));
    }

    private int Take(Lane lane, string caller) => Enumerable.Range(0, 100).Count(_ => _counts.TryEnter(lane, caller, out bool _) is null);
}
