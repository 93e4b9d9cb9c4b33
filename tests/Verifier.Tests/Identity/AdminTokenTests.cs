using System.Text.Json;
using Grpc.Core;
using Verifier.Service.Hosting;
using Verifier.Service.Identity.Admin;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Identity;

/// <summary>The token of the first start.</summary>
public sealed class AdminTokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstStartOnLoopback_MakesAToken_AndLeavesWordOfIt()
    {
        await using TestService service = await TestService.StartAsync(hasAdminToken: false);
        string file = Path.Combine(service.Folder, "data", "admin-token");
        string pointer = Path.Combine(service.Folder, "state", $"{new Uri(service.Address).Port}.json");

        JsonElement word = JsonDocument.Parse(await File.ReadAllTextAsync(pointer, Cancellation)).RootElement;
        string token = (await File.ReadAllTextAsync(file, Cancellation)).Trim();

        Assert.Equal((file, Environment.ProcessId), (word.GetProperty("admin_token_file").GetString(), word.GetProperty("process").GetInt32()));
        Assert.Matches("^[0-9a-f]{64}$", token);
        Assert.DoesNotContain(token, word.ToString(), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(pointer) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: Cancellation);

        await service.App.StopAsync(Cancellation);
        Assert.False(File.Exists(pointer));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Token_IsMadeOnce_AndAnewWhenItIsDeleted()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-admin-").FullName;
        string file = Path.Combine(folder, "new", "admin-token");

        Assert.Null(AdminToken.Create(file));
        string first = File.ReadAllText(file);
        Assert.Null(AdminToken.Create(file));
        Assert.Equal(first, File.ReadAllText(file));
        File.Delete(file);
        Assert.Null(AdminToken.Create(file));
        Assert.NotEqual(first, File.ReadAllText(file));

        File.WriteAllText(file, "short");
        Assert.Equal("must hold 32 to 512 printable ASCII characters without spaces", AdminToken.Create(file));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ServiceThatOthersReach_HasNoTokenUnlessGivenOne()
    {
        await using TestService service = await TestService.StartAsync(["--Server:Address=*", "--Server:UnsafePlaintext=true"], hasAdminToken: false);

        Assert.False(Directory.Exists(Path.Combine(service.Folder, "data")) && File.Exists(Path.Combine(service.Folder, "data", "admin-token")));
        Assert.False(Directory.Exists(Path.Combine(service.Folder, "state")));
    }

    [Fact]
    public void DataDirectoryThatCannotHoldIt_IsAFaultOfTheSetting()
    {
        string file = Path.GetTempFileName();

        Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create(["--Server:Port=0", $"--Store:DataDirectory={file}"]));

        Assert.Equal(["Store:DataDirectory: its file admin-token cannot be written (IOException)"], ConfigurationFaultException.FaultsOf(error)!);
        File.Delete(file);
    }

    [Fact]
    public void Check_TellsTokensApart()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-admin-").FullName;
        string file = Path.Combine(folder, "token");
        File.WriteAllText(file, $"{new string('a', 40)}\n");
        AdminToken token = new(file);

        Assert.Equal(TokenCheck.Held, token.Check(new string('a', 40), out _));
        Assert.Equal(TokenCheck.Wrong, token.Check(new string('a', 39), out _));
        Assert.Equal(TokenCheck.Wrong, token.Check("", out _));
        Assert.Equal(TokenCheck.Wrong, new AdminToken(null).Check(new string('a', 40), out _));
        File.WriteAllText(file, new string('b', 40));
        Assert.Equal(TokenCheck.Wrong, token.Check(new string('a', 40), out _));
        File.Delete(file);
        Assert.Equal(TokenCheck.Unreadable, token.Check(new string('b', 40), out _));
        Directory.Delete(folder, recursive: true);
    }
}
