using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Documents;
using Verifier.Service.Log.Copies;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

/// <summary>A copy is told to be in its place when no reading of the empty tenant serves anybody.</summary>
public class SettledImportTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_IsToldWhenNoReadingFromBeforeServesAnybody(bool isDone)
    {
        SettledImport import = new(new Import(isDone), new Moments(Moments.LongestAge, _clock));
        Task<bool> told = import.ImportAsync("default", [], [], Ct);
        await Task.Delay(20, Ct);
        Assert.False(told.IsCompleted);

        _clock.Advance((2 * Moments.LongestAge) + TimeSpan.FromMilliseconds(1));

        Assert.Equal(isDone, await told.WaitAsync(TimeSpan.FromSeconds(30), Ct));
    }

    private sealed class Import(bool isDone) : ITenantImport
    {
        public Task<bool> ImportAsync(string tenant, byte[] head, IEnumerable<CopyItem> items, CancellationToken cancellation) => Task.FromResult(isDone);
    }
}
