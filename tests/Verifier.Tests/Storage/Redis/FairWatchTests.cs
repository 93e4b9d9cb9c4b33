using Verifier.TestKit.Timing;

namespace Verifier.Tests.Storage.Redis;

/// <summary>What the tests of timeouts measure by must not excuse what they are there to find: threads of the pool that this process blocks itself.</summary>
public sealed class FairWatchTests
{
    [Theory]
    [InlineData(10, 10, 0)]
    [InlineData(14, 0, 0)]
    [InlineData(1015, 0, 1000)]
    [InlineData(1015, 10, 1000)]
    [InlineData(1015, 510, 500)]
    [InlineData(1015, 1015, 0)]
    [InlineData(1015, 5000, 0)]
    public void Lateness_IsExcused_WhileProcessorsWereBusy(int after, int idle, int excused) =>
        Assert.Equal(TimeSpan.FromMilliseconds(excused), FairWatch.Excused(TimeSpan.FromMilliseconds(after), TimeSpan.FromMilliseconds(idle)));
}
