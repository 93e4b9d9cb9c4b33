using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Telemetry;

namespace Verifier.Tests.Storage;

/// <summary>When a head counts as seen, so that a store which goes back behind it is refused.</summary>
public sealed class SeenHeadsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("verifier-seen-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<VerifierMetrics>().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new();
    private readonly Confirming _log = new();
    private readonly SeenHeads _seen;

    public SeenHeadsTests() => _seen = new SeenHeads("default", new FollowerParts(
        _log, () => throw new InvalidOperationException("Nothing was kept."), new HighestHeads(_directory), [], _services.GetRequiredService<VerifierMetrics>(), _clock, NullLogger.Instance));

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void ConfirmedHead_CountsAtOnce()
    {
        _log.Answer = Task.CompletedTask;

        Follow(3);

        Assert.Equal(3, _seen.Highest?.Size);
        Assert.Equal(LogFault.RolledBack, _seen.FaultOf(2, Head(2).Root)?.Reason);
        Assert.Null(_seen.FaultOf(3, Head(3).Root));
        Assert.Equal(LogFault.RolledBack, _seen.FaultOf(3, Head(4).Root)?.Reason);
    }

    [Fact]
    public void HeadThatIsConfirmedLater_CountsWithTheNextPass()
    {
        TaskCompletionSource confirmed = new();
        _log.Answer = confirmed.Task;
        Follow(3);
        Assert.Null(_seen.Highest);

        confirmed.SetResult();
        Follow(3);

        Assert.Equal(3, _seen.Highest?.Size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void T70_HeadThatIsNeverConfirmed_CountsOnceItHasStood(bool isRefused)
    {
        _log.Answer = isRefused ? Task.FromException(new StoreUnavailableException("no")) : new TaskCompletionSource().Task;
        Follow(3);
        _clock.Advance(SeenHeads.LongestDoubt / 2);
        Follow(4);
        Assert.Null(_seen.Highest);
        Assert.Null(_seen.FaultOf(2, Head(2).Root));

        // Newer heads do not begin the time of an older one anew.
        _clock.Advance(SeenHeads.LongestDoubt / 2);
        Follow(5);

        Assert.Equal(3, _seen.Highest?.Size);
        Assert.Equal(LogFault.RolledBack, _seen.FaultOf(2, Head(2).Root)?.Reason);
    }

    [Fact]
    public void HeadThatAFailOverTookAway_DoesNotCount()
    {
        _log.Answer = new TaskCompletionSource().Task;
        Follow(3);
        _clock.Advance(SeenHeads.LongestDoubt);

        _seen.Follow(Head(2), [2], head => head.Size <= 2);

        Assert.Null(_seen.Highest);
    }

    private void Follow(int size) => _seen.Follow(Head(size), [(byte)size], _ => true);

    private static TreeHead Head(int size) => new("default", size, TreeHashing.Leaf([(byte)size]), DateTimeOffset.UnixEpoch);

    private sealed class Confirming : IChangeLog
    {
        public Task Answer { get; set; } = Task.CompletedTask;

        public Task ConfirmAsync(string tenant, CancellationToken cancellation) => Answer;

        public Task<byte[]?> HeadAsync(string tenant, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<long> CountAsync(string tenant, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<LogLeaf>> ReadAsync(string tenant, long first, int count, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
