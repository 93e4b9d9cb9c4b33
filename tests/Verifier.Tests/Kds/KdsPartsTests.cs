using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Kds;

namespace Verifier.Tests.Kds;

/// <summary>The small parts by themselves.</summary>
public sealed class KdsPartsTests
{
    [Fact]
    public void LruCache_DropsWhatWasNotAskedForLongest()
    {
        LruCache<string, int> cache = new(2);
        cache.Set("a", 1);
        cache.Set("b", 2);
        Assert.True(cache.TryGet("a", out _));
        cache.Set("c", 3);

        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("a", out int a));
        Assert.Equal(1, a);
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void LruCache_SetTwice_TakesOnePlace()
    {
        LruCache<string, int> cache = new(2);
        cache.Set("a", 1);
        cache.Set("a", 2);
        cache.Set("b", 3);

        Assert.True(cache.TryGet("a", out int a));
        Assert.Equal(2, a);
        cache.Remove("a");
        Assert.False(cache.TryGet("a", out _));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public async Task SingleFlight_AfterAFault_FliesAgain()
    {
        SingleFlight<string, int, int> flights = new();
        await Assert.ThrowsAsync<InvalidOperationException>(() => flights.Join("k", () => 0, _ => throw new InvalidOperationException()).Result);

        Assert.Equal(1, await flights.Join("k", () => 0, _ => Task.FromResult(1)).Result);
    }

    [Fact]
    public async Task SingleFlight_OtherKeys_DoNotWait()
    {
        SingleFlight<string, int, int> flights = new();
        TaskCompletionSource<int> gate = new();
        Task<int> first = flights.Join("a", () => 0, _ => gate.Task).Result;

        Assert.Same(first, flights.Join("a", () => 0, _ => Task.FromResult(3)).Result);
        Assert.Equal(2, await flights.Join("b", () => 0, _ => Task.FromResult(2)).Result);
        gate.SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public void KdsPause_IsExtendedButNeverShortened()
    {
        FakeTimeProvider clock = new();
        KdsPause pause = new(clock);
        Assert.Equal(TimeSpan.Zero, pause.Remaining);

        pause.Extend(TimeSpan.FromSeconds(60));
        pause.Extend(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(60), pause.Remaining);

        clock.Advance(TimeSpan.FromSeconds(55));
        pause.Extend(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), pause.Remaining);

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.Zero, pause.Remaining);
    }

    [Theory]
    [InlineData("BaseUrl", "http://kds.example")]
    [InlineData("BaseUrl", "ftp://kds.example")]
    [InlineData("BaseUrl", "kdsintf.amd.com")]
    [InlineData("BaseUrl", "https://user:secret@kds.example")]
    [InlineData("BaseUrl", "https://kds.example/?a=b")]
    [InlineData("BaseUrl", "https://kds.example/#f")]
    [InlineData("Proxy", "proxy:3128")]
    [InlineData("CaFile", "/nowhere/ca.pem")]
    [InlineData("InventoryFile", "/nowhere/chips.csv")]
    [InlineData("BundleFile", "/nowhere/kds.pem")]
    public void BadText_IsRefusedByTheNameOfItsSetting(string setting, string value)
    {
        KdsOptions options = new();
        typeof(KdsOptions).GetProperty(setting)!.SetValue(options, value);
        Assert.Contains($"Kds:{setting}", Assert.Single(Faults(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectTimeout", 0)]
    [InlineData("ConnectTimeout", 11_000)]
    [InlineData("TotalTimeout", 31_000)]
    [InlineData("RevocationWait", -1)]
    [InlineData("Spacing", -1)]
    [InlineData("Spacing", 600_001)]
    [InlineData("BundleReloadInterval", 0)]
    public void BadTime_IsRefusedByTheNameOfItsSetting(string setting, int milliseconds)
    {
        KdsOptions options = new() { TotalTimeout = TimeSpan.FromSeconds(30) };
        typeof(KdsOptions).GetProperty(setting)!.SetValue(options, TimeSpan.FromMilliseconds(milliseconds));
        Assert.Contains($"Kds:{setting}", Assert.Single(Faults(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFault_IsToldAtOnce()
    {
        KdsOptions options = new() { MemoryEntries = 0, MaxPendingChips = 0, Mode = (KdsMode)7, ConnectTimeout = TimeSpan.FromSeconds(4) };
        Assert.Equal(4, Faults(options).Count());
    }

    [Theory]
    [InlineData("https://kdsintf.amd.com", false)]
    [InlineData("https://mirror.example/kds/", false)]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://localhost:8080", false)]
    [InlineData("http://mirror.example", true)]
    public void GoodAddress_IsAccepted(string url, bool unsafePlaintext) =>
        Assert.Empty(Faults(new KdsOptions { BaseUrl = url, UnsafePlaintext = unsafePlaintext }));

    private static IEnumerable<string> Faults(KdsOptions options) => new KdsOptionsValidator().Validate(null, options).Failures ?? [];
}
