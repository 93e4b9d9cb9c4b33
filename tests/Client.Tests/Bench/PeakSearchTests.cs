using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class PeakSearchTests
{
    [Fact]
    public void Search_EndsWhenMoreCallersGainNothingTwice()
    {
        PeakSearch search = new();
        List<int> tried = [];
        while (search.Next is { } callers)
        {
            tried.Add(callers);
            search.Saw(Math.Min(callers * 100, 800) + (callers > 8 ? 5 : 0), isRefused: false);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32], tried);
        Assert.Equal((805.0, 16), (search.Best, search.BestCallers));
    }

    [Fact]
    public void Search_EndsWhereTheServiceRefuses()
    {
        PeakSearch search = new();
        search.Saw(100, isRefused: false);
        search.Saw(190, isRefused: true);

        Assert.Null(search.Next);
        Assert.Equal((190.0, 2), (search.Best, search.BestCallers));
    }

    [Fact]
    public void Search_EndsForAServiceThatNeverDoes()
    {
        PeakSearch search = new();
        int steps = 0;
        for (; search.Next is { } callers; steps++)
        {
            search.Saw(callers, isRefused: false);
        }

        Assert.Equal((9, 256), (steps, search.BestCallers));
    }
}
