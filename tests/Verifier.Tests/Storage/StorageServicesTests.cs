using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

public sealed class StorageServicesTests
{
    [Fact]
    public async Task WithoutRedis_TheEmbeddedDatabaseServesAllThreeParts()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"verifier-store-{Guid.NewGuid():n}");
        try
        {
            await using WebApplication app = Build(new() { ["Store:DataDirectory"] = directory });
            IReferenceValueStore store = app.Services.GetRequiredService<IReferenceValueStore>();
            Assert.IsType<ChangeOutcome.Done>(await store.CreateAsync(Samples.Value("release-1"), null, TestContext.Current.CancellationToken));
            Assert.Equal(1, await app.Services.GetRequiredService<IChangeLog>().CountAsync("default", TestContext.Current.CancellationToken));
            Assert.Null(await app.Services.GetRequiredService<ICertificateCache>().GetAsync("a", TestContext.Current.CancellationToken));
            Assert.Contains(directory, app.Services.GetRequiredService<IStore>().Description, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task WithAnEndpoint_RedisIsTheStore()
    {
        await using WebApplication app = Build(new() { ["Store:Redis:Endpoints:0"] = "127.0.0.1:1", ["Store:Redis:Durability"] = "everysec", ["Log:KeyFile"] = LogKey.Options.KeyFile });
        IStore store = app.Services.GetRequiredService<IStore>();
        Assert.Contains("Redis at 127.0.0.1:1", store.Description, StringComparison.Ordinal);
        Assert.Contains("everysec", Assert.Single(store.Warnings), StringComparison.Ordinal);
        IReferenceValueStore references = app.Services.GetRequiredService<IReferenceValueStore>();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => references.FindAsync("default", Samples.Digest(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void NothingIsOpened_BeforeTheFirstCall()
    {
        using WebApplication app = Build(new() { ["Store:DataDirectory"] = "/proc/nowhere" });
        Assert.NotNull(app.Services.GetRequiredService<IReferenceValueStore>());
    }

    [Fact]
    public async Task BrokenSetting_StopsTheStart()
    {
        await using WebApplication app = Build(new() { ["Store:Redis:Endpoints:0"] = "redis.example.org:6379" });
        OptionsValidationException fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Store:Redis:Tls:Enabled", fault.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(Dictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        settings["Kestrel:Endpoints:Http:Url"] = "http://127.0.0.1:0";
        builder.Configuration.AddInMemoryCollection(settings);
        return builder.AddStorage().AddLog().Build();
    }
}
