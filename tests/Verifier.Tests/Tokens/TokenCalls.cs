using Verifier.Contracts.V1;
using Verifier.Service.Tokens;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Tokens;

/// <summary>Rows of docs/errors.md that are about results.</summary>
internal static class TokenCalls
{
    /// <summary>Spoilt questions to a service that could answer them.</summary>
    public static IReadOnlyDictionary<string, Func<TestService, Task>> Spoilt { get; } = new Dictionary<string, Func<TestService, Task>>
    {
        ["result-audience-absent"] = s => VerifyAsync(s, r => r.Result.Audience = ""),
        ["result-audience-long"] = s => VerifyAsync(s, r => r.Result.Audience = new string('a', 257)),
        ["result-audience-format"] = s => VerifyAsync(s, r => r.Result.Audience = "relying party"),
        ["result-profile-unknown"] = s => VerifyAsync(s, r => r.Result.Profile = (ResultRequest.Types.Profile)99),
        ["result-unbound"] = s => VerifyAsync(s, r => r.Binding = null),
        ["result-off"] = s => VerifyAsync(s, _ => { }),
    };

    /// <summary>With a store that several services share, none of them may make a key of its own.</summary>
    public static async Task NoKeyAsync()
    {
        string logKey = Path.GetTempFileName();
        await File.WriteAllTextAsync(logKey, TokenKey.NewPem());
        try
        {
            await using TestService service = await TestService.StartAsync(
                ["--Tokens:Issuer=https://verifier.example", "--Store:Redis:Endpoints:0=127.0.0.1:1", $"--Log:KeyFile={logKey}"]);
            await VerifyAsync(service, _ => { });
        }
        finally
        {
            File.Delete(logKey);
        }
    }

    private static async Task VerifyAsync(TestService service, Action<VerifyRequest> spoil)
    {
        VerifyRequest request = TokenService.Ask();
        spoil(request);
        await service.Verifier.VerifyAsync(request);
    }
}
