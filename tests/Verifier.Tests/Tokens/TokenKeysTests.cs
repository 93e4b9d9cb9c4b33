using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Verifier.Service.Hosting;
using Verifier.Service.Tokens;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Tokens;

/// <summary>Rotation by files, in a service that runs.</summary>
public sealed class TokenKeysTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotation_LosesNoToken()
    {
        await using TokenService service = await TokenService.StartAsync();
        string first = await service.TokenAsync();

        // The next key is published; the first signs on.
        string next = TokenKey.NewPem();
        await PutAsync(service, "b.pem", next);
        Check(service);
        Assert.Equal(2, (await service.KeysAsync()).Keys.Count);
        Assert.Equal(KeyId(first), KeyId(await service.TokenAsync()));

        // Put first, after the delay it signs; what the first has signed stays valid until it expires.
        service.Service.Clock.Advance(TimeSpan.FromMinutes(5));
        string last = await service.TokenAsync();
        await PutAsync(service, "a.pem", next);
        File.Delete(service.KeyFile("b.pem"));
        Check(service);
        string second = await service.TokenAsync();
        Assert.NotEqual(KeyId(first), KeyId(second));
        Assert.True((await service.ValidateAsync(last)).IsValid);
        Assert.True((await service.ValidateAsync(second)).IsValid);

        service.Service.Clock.Advance(TimeSpan.FromMinutes(6));
        Check(service);
        Assert.Equal([KeyId(second)], (await service.KeysAsync()).Keys.Select(k => k.Kid));
        Assert.False((await service.ValidateAsync(last, p => p.LifetimeValidator = (_, _, _, _) => true)).IsValid);
    }

    [Fact]
    public async Task ReplacedKey_SignsUntilTheNewOneWasPublishedForLongEnough()
    {
        await using TokenService service = await TokenService.StartAsync("--Tokens:ActivationDelay=00:01:00");
        string before = KeyId(await service.TokenAsync());
        await PutAsync(service, "a.pem", TokenKey.NewPem());
        Check(service);

        Assert.Equal(before, KeyId(await service.TokenAsync()));
        Assert.Equal(2, (await service.KeysAsync()).Keys.Count);
        service.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(before, KeyId(await service.TokenAsync()));
    }

    [Fact]
    public async Task BadFile_LeavesTheOldKey_AndIsToldOnce()
    {
        await using TokenService service = await TokenService.StartAsync();
        service.Service.ExpectedErrors.Add(8201);
        string before = KeyId(await service.TokenAsync());
        await File.WriteAllTextAsync(service.KeyFile("a.pem"), "half a key", Cancellation);
        Check(service);
        Check(service);

        Assert.Equal(before, KeyId(await service.TokenAsync()));
        Assert.Single(service.Service.Log.Entries, e => e.Id.Id == 8201);
        Assert.DoesNotContain(service.Service.Log.Entries, e => e.Text.Contains("half a key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_AreLookedAtByTheClock()
    {
        await using TokenService service = await TokenService.StartAsync("--Tokens:ReloadInterval=00:00:03");
        await PutAsync(service, "b.pem", TokenKey.NewPem());
        for (int i = 0; i < 1500 && (await service.KeysAsync()).Keys.Count < 2; i++)
        {
            service.Service.Clock.Advance(TimeSpan.FromSeconds(3));
            await Task.Delay(20, Cancellation);
        }

        Assert.Equal(2, (await service.KeysAsync()).Keys.Count);
    }

    [Fact]
    public async Task WithoutAFile_TheServiceMakesItsOwnKey_AndKeepsIt()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-data-").FullName;
        string data = Path.Combine(folder, "data");
        string[] args = ["--Tokens:Port=0", $"--Store:DataDirectory={data}"];
        string first = await OwnKeyIdAsync(args);
        string path = Path.Combine(data, "token-key.pem");

        Assert.Equal(first, await OwnKeyIdAsync(args));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal([path], Directory.EnumerateFiles(data));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task WithoutAnIssuer_NoKeyIsMade()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-data-").FullName;
        string data = Path.Combine(folder, "data");
        await using (TestService service = await TestService.StartAsync([$"--Store:DataDirectory={data}"]))
        {
            Assert.Null(service.App.Services.GetRequiredService<TokenKeys>().Signer);
        }

        Assert.False(File.Exists(Path.Combine(data, "token-key.pem")));
        Directory.Delete(folder, recursive: true);
    }

    public static TheoryData<string, string> WrongSettings => new()
    {
        { "Tokens:Issuer", "--Tokens:Issuer=http://verifier.example" },
        { "Tokens:Issuer", "--Tokens:Issuer=https://verifier.example/" },
        { "Tokens:Issuer", "--Tokens:Issuer=https://verifier.example?x=1" },
        { "Tokens:Issuer", "--Tokens:Issuer=https://user@verifier.example" },
        { "Tokens:Issuer", "--Tokens:Issuer=verifier" },
        { "Tokens:Port", "--Tokens:Port=65536" },
        { "Tokens:Port", "--Server:Port=7443 --Tokens:Port=7443" },
        { "Tokens:Port", "--Server:Address=* --Server:UnsafePlaintext=true --Tokens:Issuer=https://verifier.example --Tokens:Port=0" },
        { "Tokens:Issuer", "--Server:Address=* --Server:UnsafePlaintext=true --Tokens:Port=0" },
        { "Tokens:KeyFiles", "--Tokens:KeyFiles:0=/nowhere/key.pem" },
        { "Tokens:KeyFiles", "--Tokens:Issuer=https://verifier.example --Tokens:KeyFiles:0=/nowhere/key.pem" },
        { "Tokens:KeyFiles:0", "--Tokens:Issuer=https://verifier.example --Tokens:KeyFiles:0=/" },
        { "Tokens:Life", "--Tokens:Life=00:05:01" },
        { "Tokens:Life", "--Tokens:Life=00:00:09" },
        { "Tokens:ActivationDelay", "--Tokens:ActivationDelay=1.00:00:01" },
        { "Tokens:ReloadInterval", "--Tokens:ReloadInterval=00:00:00.5" },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public async Task WrongSetting_StopsTheStart_AndIsNamed(string setting, string args)
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync(args.Split(' ')));

        Assert.Contains(ConfigurationFaultException.FaultsOf(error) ?? [], f => f.StartsWith($"{setting}: ", StringComparison.Ordinal));
    }

    private static async Task<string> OwnKeyIdAsync(string[] args)
    {
        await using TestService service = await TestService.StartAsync(args);
        return service.App.Services.GetRequiredService<TokenKeys>().Signer!.Id;
    }

    // All at once, as whoever rotates a key does: the service looks at the files whenever its clock is put forward.
    private static async Task PutAsync(TokenService service, string name, string pem)
    {
        string beside = service.KeyFile($"{name}.new");
        await File.WriteAllTextAsync(beside, pem, Cancellation);
        File.Move(beside, service.KeyFile(name), overwrite: true);
    }

    private static void Check(TokenService service) => service.Service.App.Services.GetRequiredService<TokenKeys>().Check();

    private static string KeyId(string token) => new JsonWebToken(token).Kid;
}
