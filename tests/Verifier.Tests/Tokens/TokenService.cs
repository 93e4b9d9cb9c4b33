using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Verifier.Contracts.V1;
using Verifier.Service.Tokens;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Tokens;

/// <summary>A service that signs results, and a relying party that checks them with the library's own validation.</summary>
internal sealed class TokenService : IAsyncDisposable
{
    public const string Audience = "https://relying-party.example";

    private readonly HttpClient _http = new();

    private TokenService(string folder, TestService service)
    {
        Folder = folder;
        Service = service;
    }

    /// <summary>Holds the key files a.pem and b.pem; the second is not there at first.</summary>
    public string Folder { get; }

    public TestService Service { get; }

    /// <summary>Where the keys are, which is also the issuer.</summary>
    public string Issuer => Service.App.Urls.Last();

    public string KeyFile(string name) => Path.Combine(Folder, name);

    public static async Task<TokenService> StartAsync(params string[] args)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-keys-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.pem"), TokenKey.NewPem());
        TestService service = await TestService.StartAsync(
            ["--Tokens:Port=0", $"--Tokens:KeyFiles:0={folder}/a.pem", $"--Tokens:KeyFiles:1={folder}/b.pem", .. args]);
        return new TokenService(folder, service);
    }

    public static VerifyRequest Ask(VerifyRequest? request = null, ResultRequest.Types.Profile profile = default)
    {
        request ??= Requests.Verify();
        request.Result = new ResultRequest { Audience = Audience, Profile = profile };
        return request;
    }

    /// <summary>Registers the good guest.</summary>
    public async Task RegisterAsync() =>
        await Service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The token of a question, which must be there.</summary>
    public async Task<string> TokenAsync(VerifyRequest? request = null)
    {
        VerifyResponse response = await Service.Verifier.VerifyAsync(request ?? Ask(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual("", response.ResultToken);
        return response.ResultToken;
    }

    public async Task<JsonWebKeySet> KeysAsync() =>
        new(await _http.GetStringAsync(new Uri($"{Issuer}/.well-known/jwks.json"), TestContext.Current.CancellationToken));

    /// <summary>What a relying party with a standard library does.</summary>
    public async Task<TokenValidationResult> ValidateAsync(string token, Action<TokenValidationParameters>? spoil = null)
    {
        JsonWebKeySet keys = await KeysAsync();
        TokenValidationParameters parameters = new()
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            LifetimeValidator = LifetimeAt(Service.Clock.GetUtcNow()),
        };
        spoil?.Invoke(parameters);
        return await new JsonWebTokenHandler().ValidateTokenAsync(token, parameters);
    }

    /// <summary>The rule on nbf and exp without any skew, by a clock that stands.</summary>
    public static LifetimeValidator LifetimeAt(DateTimeOffset now) =>
        (notBefore, expires, _, _) => notBefore <= now.UtcDateTime && now.UtcDateTime < expires;

    public static JsonElement Payload(string token) => JsonElement.Parse(Base64UrlEncoder.DecodeBytes(token.Split('.')[1]));

    public static JsonElement Appraisal(string token) => Payload(token).GetProperty("submods").GetProperty("cpu0");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Service.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
