using Verifier.Client.Input;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>How the command line shows who calls, and that it shows nobody's secret to a stranger.</summary>
public sealed class CredentialTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _home = Directory.CreateTempSubdirectory("verifierctl-home-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("list")]
    [InlineData("show", "x")]
    [InlineData("verify", "--report", "REPORT", "--nonce", "NONCE")]
    public async Task TokenOfAVariable_GoesWithEveryCall(params string[] command)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = command[0] == "verify" ? Verdicts.Accepted : () => new V1.ListReferenceValuesResponse();
        string[] args = [.. command.Select(a => a.Replace("REPORT", Samples.Path("report.bin"), StringComparison.Ordinal).Replace("NONCE", new string('1', 128), StringComparison.Ordinal))];

        await RunAsync(service, [.. args, "--token-env", "CI_TOKEN"], ("CI_TOKEN", "abc.def.ghi\n"));

        Assert.Equal("Bearer abc.def.ghi", Authorization(service));
    }

    [Theory]
    [InlineData("there is no environment variable CI_TOKEN", null)]
    [InlineData("environment variable CI_TOKEN: a token is one line of printable characters", "a b")]
    public async Task VariableWithoutAToken_IsExitOne(string error, string? value)
    {
        await using FakeService service = await FakeService.StartAsync();

        CliResult result = await RunAsync(service, ["list", "--token-env", "CI_TOKEN"], ("CI_TOKEN", value));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(error, result.Error, StringComparison.Ordinal);
        Assert.Empty(service.Answers.Asked);
    }

    [Fact]
    public async Task TokensAndCertificates_AreAskedForSensibly()
    {
        Assert.Contains("two ways to give one token", (await Cli.RunAsync("list", "--token-file", "a", "--token-env", "b")).Error, StringComparison.Ordinal);
        Assert.Contains("--client-cert and --client-key go together", (await Cli.RunAsync("list", "--client-cert", "a", "--server", "https://localhost")).Error, StringComparison.Ordinal);
        Assert.Contains("--client-cert has a meaning only with an https --server", (await Cli.RunAsync("list", "--client-cert", "a", "--client-key", "b")).Error, StringComparison.Ordinal);
        Assert.Contains(
            "a bearer token is sent by https only",
            (await Cli.RunAsync("list", "--token-file", "a", "--server", "http://verifier.example", "--unsafe-plaintext")).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeOnThisMachine_FindsTheAdministratorsToken()
    {
        await using FakeService service = await FakeService.StartAsync();
        LeaveWord(service);

        await RunAsync(service, ["deprecate", "x"]);

        Assert.Equal($"Bearer {new string('a', 64)}", Authorization(service));
    }

    [Fact]
    public async Task Reading_SendsNoAdministratorsToken()
    {
        await using FakeService service = await FakeService.StartAsync();
        LeaveWord(service);

        await RunAsync(service, ["list"]);

        Assert.Null(Authorization(service));
    }

    [Theory]
    [InlineData("no word")]
    [InlineData("word that others can read")]
    [InlineData("word that is a link")]
    [InlineData("folder that others can write")]
    [InlineData("token that others can read")]
    [InlineData("token that is gone")]
    [InlineData("process that is gone")]
    [InlineData("word that is no JSON")]
    public async Task T109_WordThatOthersCouldHaveLeft_IsNotHeeded(string how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes of files are those of Unix.");
        await using FakeService service = await FakeService.StartAsync();
        string word = LeaveWord(service, how == "process that is gone" ? int.MaxValue : Environment.ProcessId);
        string token = Path.Combine(_home, "admin-token");
        switch (how)
        {
            case "no word" or "word that is a link":
                File.Move(word, word + ".real");
                _ = how == "no word" ? null : File.CreateSymbolicLink(word, word + ".real");
                break;
            case "word that others can read":
                SetMode(word, OwnerOnly | UnixFileMode.OtherRead);
                break;
            case "folder that others can write":
                SetMode(Path.GetDirectoryName(word)!, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
                break;
            case "token that others can read":
                SetMode(token, OwnerOnly | UnixFileMode.GroupRead);
                break;
            case "token that is gone":
                File.Delete(token);
                break;
            case "word that is no JSON":
                await File.WriteAllTextAsync(word, "admin", TestContext.Current.CancellationToken);
                break;
        }

        await RunAsync(service, ["deprecate", "x"]);

        Assert.Null(Authorization(service));
    }

    [Fact]
    public void OtherMachines_AreNeverToldTheToken()
    {
        CliContext context = new(TextWriter.Null, TextWriter.Null, UseColor: false, TimeProvider.System) { Variable = _ => _home };

        Assert.Null(LocalAdminToken.Find(new Uri("https://verifier.example:7443"), context));
    }

    [Fact]
    public async Task CertificateThatIsNone_IsExitOne()
    {
        string file = Path.Combine(_home, "c.pem");
        await File.WriteAllTextAsync(file, "nothing", TestContext.Current.CancellationToken);

        CliResult result = await Cli.RunAsync("list", "--server", "https://localhost:1", "--client-cert", file, "--client-key", file);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("must be a certificate and its private key in PEM", result.Error, StringComparison.Ordinal);
    }

    private static string? Authorization(FakeService service) =>
        Assert.Single(service.Answers.Asked).Authorization;

    private Task<CliResult> RunAsync(FakeService service, string[] args, params (string Name, string? Value)[] variables) => Cli.RunAsync(
        [.. args, "--server", service.Address],
        useColor: false,
        name => name == "XDG_STATE_HOME" ? _home : variables.FirstOrDefault(v => v.Name == name).Value);

    private string LeaveWord(FakeService service, int? process = null)
    {
        string folder = Path.Combine(_home, "sev-snp-verifier");
        string token = Path.Combine(_home, "admin-token");
        string word = Path.Combine(folder, $"{new Uri(service.Address).Port}.json");
        Directory.CreateDirectory(folder);
        File.WriteAllText(token, new string('a', 64) + "\n");
        File.WriteAllText(word, $$"""{"admin_token_file":"{{token}}","process":{{process ?? Environment.ProcessId}}}""");
        SetMode(folder, OwnerOnly | UnixFileMode.UserExecute);
        SetMode(token, OwnerOnly);
        SetMode(word, OwnerOnly);
        return word;
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
