using Verifier.Client.Bench;

namespace Verifier.Client.Tests.Bench;

public sealed class RequestMixTests
{
    private static readonly RequestMix Mix = new([[1], [2], [3]])
    {
        Falsified = [[11], [12], [13]],
        Cold = [[21], [22], [23], [24]],
        RejectShare = 20,
        ColdShare = 25,
    };

    [Fact]
    public void Shares_AreKept_EvenlySpread_AndNewChipsServeOnce()
    {
        MixedRequest[] made = [.. Enumerable.Range(0, 1000).Select(n => Mix.Of(n))];

        Assert.Equal(200, made.Count(r => r.Request[0] is > 10 and < 20));
        for (int i = 0; i < 1000; i += 50)
        {
            Assert.Equal(10, made.Skip(i).Take(50).Count(r => r.Request[0] is > 10 and < 20));
        }

        Assert.Equal([21, 22, 23, 24], made.Where(r => r.IsCold).Select(r => (int)r.Request[0]));
        Assert.Equal(4, Mix.ColdUsed);
        Assert.All([1, 2, 3], chip => Assert.InRange(made.Count(r => r.Request[0] == chip), 265, 266));
    }

    [Fact]
    public void NoShare_MakesKnownChipsInTurn()
    {
        RequestMix mix = new([[1], [2]]);

        Assert.Equal([1, 2, 1, 2], Enumerable.Range(0, 4).Select(n => (int)mix.Of(n).Request[0]));
    }

    [Fact]
    public void AllRejected_LeavesNothingElse()
    {
        RequestMix mix = new([[1]]) { Falsified = [[2]], RejectShare = 100, Cold = [[3]], ColdShare = 100 };

        Assert.All(Enumerable.Range(0, 50), n => Assert.Equal(2, mix.Of(n).Request[0]));
    }
}
