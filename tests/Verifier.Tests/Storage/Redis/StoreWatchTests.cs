using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;

namespace Verifier.Tests.Storage.Redis;

/// <summary>What an operator reads in the log of a Redis that is fit and yet not set up well.</summary>
[Collection(RedisAlone.Name)]
public sealed class StoreWatchTests : IAsyncLifetime
{
    private readonly RedisStores _stores = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task FileThatMayEndWithinAChange_IsWarnedOf_Once()
    {
        RedisStore store = await _stores.ReadyAsync(RedisTestClient.Options(_stores.Own(await RedisServer.StartAsync(new() { AofLoadTruncated = "yes" }))));
        Assert.Contains("aof-load-truncated", Assert.Single(store.Warnings), StringComparison.Ordinal);

        FakeTimeProvider clock = new();
        Lines lines = new();
        using StoreWatch watch = new(store, store.References, lines, clock);
        await watch.StartAsync(Ct);
        while (!lines.Written.Contains("The store answers."))
        {
            await Task.Delay(10, Ct);
        }

        for (int asked = 0; asked < 3; asked++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(50, Ct);
        }

        await watch.StopAsync(Ct);
        Assert.Single(lines.Written, l => l.Contains("aof-load-truncated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RedisAsItIsTold_IsWarnedOfNowhere() =>
        Assert.Empty((await _stores.ReadyAsync(RedisTestClient.Options(_stores.Own(await RedisServer.StartAsync())))).Warnings);

    private sealed class Lines : ILogger<StoreWatch>
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));
    }
}
