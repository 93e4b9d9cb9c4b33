using System.Text.Json;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Results;

/// <summary><c>verifierctl verify --audience</c>: a result is shown and written only when it holds.</summary>
public sealed class CommandLineResultTests : IAsyncLifetime
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-result-").FullName;
    private RunningService _service = null!;

    private string TokenFile => Path.Combine(_folder, "result.jwt");

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(["--Tokens:Port=0"], Guest.Amd.Roots);
        _service.Clock.Now = TimeProvider.System.GetUtcNow();
        await File.WriteAllBytesAsync(Path.Combine(_folder, "report.bin"), Guest.SignReport());
        await File.WriteAllTextAsync(Path.Combine(_folder, "chain.pem"), Guest.CertificatesPem);
        await _service.RegisterAsync("guest", Guest.Report.Measurement);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("2023", "tag:github.com,2023:veraison/ear")]
    [InlineData("03", "tag:ietf.org,2026:rats/ear#03")]
    public async Task T65_ResultThatHolds_IsShownAndWritten(string profile, string name)
    {
        (int exitCode, string output, string error) = await VerifyAsync("--issuer", _service.KeysAddress, "--ear-profile", profile, "--format", "json");

        Assert.True(exitCode == 0, error);
        JsonElement result = JsonElement.Parse(output).GetProperty("result");
        string token = result.GetProperty("token").GetString()!;
        Assert.Equal("contraindicated", result.GetProperty("status").GetString());
        Assert.Equal(token + "\n", await File.ReadAllTextAsync(TokenFile, TestContext.Current.CancellationToken));
        Assert.Contains(name, System.Text.Encoding.UTF8.GetString(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(token.Split('.')[1])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedGuest_HasAResultToo()
    {
        (int exitCode, string output, _) = await VerifyAsync("--issuer", _service.KeysAddress, "--kind", "ovmf");

        Assert.Equal(4, exitCode);
        Assert.Contains("result", output, StringComparison.Ordinal);
        Assert.True(File.Exists(TokenFile));
    }

    [Fact]
    public async Task T65_OtherIssuer_IsRefused_AndNothingIsWritten()
    {
        (int exitCode, string output, string error) = await VerifyAsync("--issuer", "https://other.example", "--jwks", $"{_service.KeysAddress}/.well-known/jwks.json");

        Assert.Equal((5, ""), (exitCode, output));
        Assert.Contains("it names another issuer", error, StringComparison.Ordinal);
        Assert.False(File.Exists(TokenFile));
    }

    [Fact]
    public async Task T65_KeysOfAnother_RefuseIt()
    {
        await using RunningService other = await RunningService.StartAsync(["--Tokens:Port=0"]);
        (int exitCode, _, string error) = await VerifyAsync("--issuer", _service.KeysAddress, "--jwks", $"{other.KeysAddress}/.well-known/jwks.json");

        Assert.Equal(5, exitCode);
        Assert.Contains("its signature is not by a key of the issuer", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T65_ExpiredResult_IsRefused()
    {
        _service.Clock.Now = TimeProvider.System.GetUtcNow().AddMinutes(-7);
        (int exitCode, _, string error) = await VerifyAsync("--issuer", _service.KeysAddress);

        Assert.Equal(5, exitCode);
        Assert.Contains("it is expired", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--audience needs --issuer")]
    [InlineData("--issuer must be an https address", "--issuer", "http://verifier.example")]
    [InlineData("--jwks must be a file", "--issuer", "https://verifier.example", "--jwks", "http://verifier.example/keys")]
    [InlineData("there is no such file", "--issuer", "https://verifier.example", "--jwks", "nowhere.json")]
    public async Task WrongOptions_AreUsageErrors(string says, params string[] options)
    {
        (int exitCode, _, string error) = await VerifyAsync(options);

        Assert.Equal(1, exitCode);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> VerifyAsync(params string[] more) => CommandLineTool.RunAsync(
    [
        "verify", "--server", _service.Address, "--report", Path.Combine(_folder, "report.bin"), "--certs", Path.Combine(_folder, "chain.pem"),
        "--nonce", Convert.ToHexStringLower(Guest.Report.ReportData), "--audience", "https://relying-party.example", "--token-out", TokenFile, .. more,
    ]);
}
