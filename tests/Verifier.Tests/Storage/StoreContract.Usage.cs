using SevSnp.Primitives;
using Verifier.Service.Usage;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private DateOnly Today => DateOnly.FromDateTime(CacheNow.UtcDateTime);

    [Fact]
    public async Task Usage_IsAddedUp_ByMeasurementCallerAndDay()
    {
        Digest384 a = Samples.Digest(), b = Samples.Digest();
        await Store.Usage.AddAsync([Count(a, "ci", 2), Count(a, "ci", 3, -1), Count(a, "broker", 1), Count(b, "ci", 7)], Ct);
        await Store.Usage.AddAsync([Count(a, "ci", 40)], Ct);
        await ReopenAsync();

        Assert.Equal([("broker", 0, 1), ("ci", -1, 3), ("ci", 0, 42)], await UsesAsync(a));
        Assert.Equal([("ci", 0, 7)], await UsesAsync(b));
        Assert.Empty(await UsesAsync(Samples.Digest()));
        Assert.Empty(await Store.Usage.ReadAsync("other", [a, b], Today.AddDays(-29), Ct));
        Assert.Equal([("broker", 0, 1), ("ci", 0, 42)], await UsesAsync(a, since: 0));
    }

    [Fact]
    public async Task Usage_TellsABoundedNumberOfCallersApart()
    {
        Digest384 digest = Samples.Digest();
        await Store.Usage.AddAsync([.. Enumerable.Range(0, UsageLimits.Callers).Select(i => Count(digest, $"caller-{i:d4}", 1))], Ct);
        await Store.Usage.AddAsync([Count(digest, "one-more", 5), Count(digest, "and-another", 6)], Ct);
        (string Caller, int Day, long Accepted)[] uses = await UsesAsync(digest);
        Assert.Equal(UsageLimits.Callers + 1, uses.Length);
        Assert.Contains((UsageLimits.Others, 0, 11L), uses);
    }

    private UsageCount Count(Digest384 digest, string caller, long accepted, int day = 0) => new(new("default", digest, Today.AddDays(day), caller), accepted);

    private async Task<(string Caller, int Day, long Accepted)[]> UsesAsync(Digest384 digest, int since = -29) =>
    [
        .. (await Store.Usage.ReadAsync("default", [digest], Today.AddDays(since), Ct))
            .Select(c => (c.Key.Caller, c.Key.Day.DayNumber - Today.DayNumber, c.Accepted)).Order(),
    ];
}
