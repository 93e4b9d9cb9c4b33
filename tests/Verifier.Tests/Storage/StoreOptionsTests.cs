using Microsoft.Extensions.Options;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

public sealed class StoreOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Null(Faults(_ => { }));

    [Theory]
    [InlineData("localhost:6379")]
    [InlineData("127.0.0.1:6379")]
    [InlineData("[::1]:6379")]
    public void RedisOnLoopback_NeedsNeitherTlsNorPassword(string endpoint) => Assert.Null(Faults(o => o.Redis.Endpoints.Add(endpoint)));

    [Fact]
    public void T74_RedisOffLoopback_NeedsTlsAndAPassword()
    {
        string faults = Faults(o => o.Redis.Endpoints.Add("redis.example.org:6379"))!;
        Assert.Contains("Store:Redis:Tls:Enabled", faults, StringComparison.Ordinal);
        Assert.Contains("Store:Redis:PasswordFile", faults, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Replicas", "17")]
    [InlineData("Replicas", "-1")]
    [InlineData("RegistryId", "0123")]
    [InlineData("RegistryId", "0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("SentinelPrimary", "a b")]
    [InlineData("SentinelPasswordFile", "/nowhere")]
    [InlineData("SentinelUser", "verifier")]
    public void RedisSettingThatCannotBeMeant_IsNamed(string setting, string value) => Assert.Contains($"Store:Redis:{setting}: ", Faults(o =>
    {
        o.Redis.Endpoints.Add("127.0.0.1:6379");
        o.Redis.SentinelPrimary = "registry";
        System.Reflection.PropertyInfo property = typeof(Verifier.Service.Storage.Redis.RedisOptions).GetProperty(setting)!;
        property.SetValue(o.Redis, setting == "Replicas" ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : value);
    }), StringComparison.Ordinal);

    [Fact]
    public void SentinelsCredentials_WithoutSentinels_AreRefused() => Assert.Contains("Store:Redis:SentinelPrimary: ", Faults(o =>
    {
        o.Redis.Endpoints.Add("127.0.0.1:6379");
        o.Redis.SentinelUser = "verifier";
    }), StringComparison.Ordinal);

    [Fact]
    public void T74_OneRemoteEndpointAmongLocalOnes_NeedsTlsAndAPassword() =>
        Assert.Contains("Store:Redis:Tls:Enabled", Faults(o => Add(o, "127.0.0.1:6379", "10.0.0.1:6379")), StringComparison.Ordinal);

    [Fact]
    public void T74_EachUnsafeSwitch_AllowsOnlyItsOwn()
    {
        Assert.DoesNotContain("Tls", Faults(o => Unsafe(o, plaintext: true, noAuthentication: false)), StringComparison.Ordinal);
        Assert.DoesNotContain("PasswordFile", Faults(o => Unsafe(o, plaintext: false, noAuthentication: true)), StringComparison.Ordinal);
        Assert.Null(Faults(o => Unsafe(o, plaintext: true, noAuthentication: true)));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData(":6379")]
    [InlineData("redis:")]
    [InlineData("redis:0")]
    [InlineData("redis:65536")]
    [InlineData("redis:+1")]
    [InlineData("::1:6379")]
    [InlineData("[redis]:6379")]
    public void EndpointThatIsNone_IsRefused(string endpoint) =>
        Assert.Contains("Store:Redis:Endpoints:0", Faults(o => o.Redis.Endpoints.Add(endpoint)), StringComparison.Ordinal);

    [Fact]
    public void EveryFault_IsNamed()
    {
        string faults = Faults(o =>
        {
            o.Redis.Endpoints.Add("127.0.0.1:1");
            o.Redis.KeyPrefix = "a{b}";
            o.Redis.CallTimeout = TimeSpan.FromMinutes(1);
            o.Redis.ConnectTimeout = TimeSpan.Zero;
            o.Redis.Durability = "sometimes";
            o.Redis.User = "verifier";
            o.Redis.Tls.CaFile = "/nowhere/ca.pem";
            o.WriteTimeout = TimeSpan.Zero;
            o.CertificateCacheEntries = 1;
        })!;
        Assert.All(
            ["KeyPrefix", "CallTimeout", "ConnectTimeout", "Durability", "Redis:User", "Tls:CaFile", "Tls:Enabled", "WriteTimeout", "CertificateCacheEntries"],
            setting => Assert.Contains(setting, faults, StringComparison.Ordinal));
        Assert.Contains("Store:DataDirectory", Faults(o => o.DataDirectory = " "), StringComparison.Ordinal);
        Assert.Contains("Store:Redis:PasswordFile", Faults(o => { o.Redis.Endpoints.Add("localhost:1"); o.Redis.PasswordFile = "/nowhere/password"; }), StringComparison.Ordinal);
    }

    private static void Add(StoreOptions options, params string[] endpoints)
    {
        foreach (string endpoint in endpoints)
        {
            options.Redis.Endpoints.Add(endpoint);
        }
    }

    private static void Unsafe(StoreOptions options, bool plaintext, bool noAuthentication)
    {
        options.Redis.Endpoints.Add("10.0.0.1:6379");
        options.Redis.UnsafePlaintext = plaintext;
        options.Redis.UnsafeNoAuthentication = noAuthentication;
    }

    private static string? Faults(Action<StoreOptions> change)
    {
        StoreOptions options = new();
        change(options);
        ValidateOptionsResult result = new StoreOptionsValidator().Validate(null, options);
        return result.Failed ? result.FailureMessage : null;
    }
}
