using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Redis;
using Verifier.TestKit.Redis;
using Verifier.TestKit.Timing;

namespace Verifier.Tests.Storage.Redis;

/// <summary>Each error Redis can answer with, and answers that are none: never read as "not there", and never waited for.</summary>
[Collection(RedisAlone.Name)]
public sealed class RedisReplyTests : IAsyncLifetime
{
    private readonly ScriptedRedis _redis = new();
    private RedisStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new(new() { Endpoints = [_redis.Endpoint] }, LogKey.Load, StoreWitness.Of(() => _store, LogKey.Load), TimeProvider.System);
        await RedisTestClient.ReadyAsync(_store, TimeSpan.FromSeconds(10), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task EmptyAnswers_MeanNotThere()
    {
        Assert.Empty((await RedisStores.AcknowledgedAsync(() => _store.References.FindAsync("default", Samples.Digest(), Ct))).Values);
        Assert.Null(await RedisStores.AcknowledgedAsync(() => _store.References.GetAsync("default", "release-1", Ct)));
        Assert.Equal(0, await RedisStores.AcknowledgedAsync(() => _store.Log.CountAsync("default", Ct)));
    }

    [Theory]
    [InlineData("-LOADING Redis is loading the dataset in memory")]
    [InlineData("-READONLY You can't write against a read only replica.")]
    [InlineData("-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.")]
    [InlineData("-MISCONF Redis is configured to save RDB snapshots")]
    [InlineData("-OOM command not allowed when used memory > 'maxmemory'.")]
    [InlineData("-BUSY Redis is busy running a script.")]
    [InlineData("-CLUSTERDOWN The cluster is down")]
    [InlineData("-TRYAGAIN Multiple keys request during rehashing of slot")]
    [InlineData("-NOREPLICAS Not enough good replicas to write.")]
    [InlineData("-ERR max number of clients reached")]
    [InlineData("-ERR something new")]
    [InlineData("-WHATEVER comes")]
    public async Task F20_PassingError_IsUnavailable(string error)
    {
        _redis.Answer = error + "\r\n";
        await AllAsync(call => Assert.ThrowsAsync<StoreUnavailableException>(call));
        await ServesAgainAsync();
    }

    [Theory]
    [InlineData("-NOPERM this user has no permissions to run the 'get' command")]
    [InlineData("-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("-CROSSSLOT Keys in request don't hash to the same slot")]
    [InlineData("-ERR unknown command 'GET'")]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.")]
    public async Task F20_ErrorForAnOperator_IsUnfit(string error)
    {
        _redis.Answer = error + "\r\n";
        await AllAsync(async call =>
        {
            // On a busy machine the answer may not be read before the time for it is over.
            Exception? fault = await Record.ExceptionAsync(call);
            for (int tried = 0; tried < 20 && fault is StoreUnavailableException && fault.Message.Contains("in time", StringComparison.Ordinal); tried++)
            {
                fault = await Record.ExceptionAsync(call);
            }

            Assert.IsType<StoreUnfitException>(fault);
        });
        await ServesAgainAsync();
    }

    [Theory]
    [InlineData("-NOAUTH Authentication required.\r\n")]
    [InlineData("-MOVED 1 127.0.0.1:1\r\n")]
    [InlineData("-ASK 1 127.0.0.1:1\r\n")]
    [InlineData("garbage\r\n")]
    [InlineData("$9999999999999999999\r\n")]
    [InlineData("*2147483647\r\n")]
    [InlineData("$5\r\nab")]
    [InlineData("")]
    public async Task F21_AnswerThatIsNone_IsAFault_AndNotWaitedFor(string answer)
    {
        _redis.Answer = answer;
        await AllAsync(async call =>
        {
            FairWatch watch = FairWatch.StartNew();
            Exception? fault = await Record.ExceptionAsync(call);
            Assert.True(fault is StoreUnavailableException or StoreUnfitException, $"{fault}");
            TimeSpan held = await watch.ElapsedAsync();
            Assert.True(held < TimeSpan.FromSeconds(2), $"The call was held for {held}.");
        });
        await ServesAgainAsync();
    }

    private async Task AllAsync(Func<Func<Task>, Task> expect)
    {
        int heard = _redis.Heard;
        Func<Task>[] calls =
        [
            () => _store.References.FindAsync("default", Samples.Digest(), Ct),
            () => _store.References.GetAsync("default", "release-1", Ct),
            () => _store.References.ListAsync("default", new(null, null), 10, null, Ct),
            () => _store.References.CreateAsync(Samples.Value("release-1"), new("request", "fingerprint"), Ct),
            () => _store.References.ChangeStateAsync(Samples.Revoke("release-1"), null, Ct),
            () => _store.Documents.GetAsync("default", DocumentKind.Policy, "strict", Ct),
            () => _store.Documents.GetVersionAsync("default", DocumentKind.Policy, "strict", 1, Ct),
            () => _store.Documents.ListAsync("default", DocumentKind.Policy, Ct),
            () => _store.Documents.ChangeAsync(
                new("default", DocumentKind.Policy, "strict", DocumentStep.Put, "{}"u8.ToArray(), null, Actor.Named("operator"), Samples.Noon), null, Ct),
            () => _store.Log.HeadAsync("default", Ct),
            () => _store.Log.CountAsync("default", Ct),
            () => _store.Log.ReadAsync("default", 0, 10, Ct),
            () => _store.Certificates.GetAsync("a", Ct),
            () => _store.Certificates.SetAsync("a", new byte[1], DateTimeOffset.MaxValue.AddYears(-1), Ct),
        ];
        foreach (Func<Task> call in calls)
        {
            await expect(call);
        }

        Assert.True(_redis.Heard > heard, "Nothing was asked.");
    }

    private async Task ServesAgainAsync()
    {
        _redis.Answer = null;
        await RedisTestClient.ReadyAsync(_store, TimeSpan.FromSeconds(20), Ct);
        Digest384 digest = Samples.Digest();
        Assert.Equal(digest, (await RedisStores.AcknowledgedAsync(() => _store.References.FindAsync("default", digest, Ct))).Measurement);
    }
}
