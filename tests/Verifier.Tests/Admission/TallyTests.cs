using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

public sealed class TallyTests
{
    [Fact]
    public void NothingIsKept_OfWhatThereIsNoneOf()
    {
        Tally<string> tally = new(StringComparer.Ordinal);
        tally.Change("a", 2);
        tally.Change("b", 1);
        tally.Change("a", -1);
        Assert.Equal((1, 1, 0, 2), (tally.Of("a"), tally.Of("b"), tally.Of("A"), tally.Keys));

        tally.Change("a", -1);

        Assert.Equal((0, 1), (tally.Of("a"), tally.Keys));
    }

    // Otherwise the next one would find more room than there is.
    [Fact]
    public void WhoLeavesTwice_IsADefect()
    {
        Tally<string> tally = new(StringComparer.Ordinal);
        tally.Change("a", 1);
        tally.Change("a", -1);

        Assert.Throws<ArgumentOutOfRangeException>(() => tally.Change("a", -1));
        Assert.Equal((0, 0), (tally.Of("a"), tally.Keys));
    }
}
