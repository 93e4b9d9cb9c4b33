using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Views;

namespace Verifier.Client.Tests.Online;

/// <summary>T65: a result that is well signed must also be the one for this question, and say what the verdict says.</summary>
public sealed class ResultCheckTests
{
    private const string Good = """
        {"eat_profile":"tag:github.com,2023:veraison/ear","iss":"https://verifier.example","aud":"me","iat":1790000000,"nbf":1790000000,"exp":1790000300,
         "eat_nonce":"BwcHBwcHBwcHBwcHBwcHBw","submods":{"cpu0":{"ear.status":"affirming","ear.veraison.policy-claims":{"outcome":"accepted","evidence_id":"abcd"}}}}
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000010);
    private static readonly HexBytes Nonce = new([.. Enumerable.Repeat((byte)7, 16)]);
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k" };

    [Fact]
    public async Task RightResult_Holds()
    {
        ResultView result = await CheckAsync(Good);

        Assert.Equal(("affirming", "k", DateTimeOffset.FromUnixTimeSeconds(1790000300)), (result.Status, result.KeyId, result.ExpireTime));
    }

    [Theory]
    [InlineData("\"aud\":\"me\"", "\"aud\":\"other\"", "it is for another audience")]
    [InlineData("verifier.example\"", "other.example\"", "it names another issuer")]
    [InlineData("1790000300", "1789999900", "it is expired")]
    [InlineData("\"nbf\":1790000000", "\"nbf\":\"1790000000\"", "its times are no numbers")]
    [InlineData("1790000300", "\"1790000300\"", "its times are no numbers")]
    [InlineData("BwcH", "BwcI", "it is for another nonce")]
    [InlineData("\"eat_nonce\"", "\"other\"", "it is for another nonce")]
    [InlineData("2023:veraison", "2022:veraison", "it is of another profile")]
    [InlineData("abcd", "abce", "it is about other evidence")]
    [InlineData("accepted", "rejected", "it says otherwise than the verdict")]
    [InlineData("affirming", "none", "it has no status")]
    [InlineData("cpu0", "cpu1", "it is about other evidence")]
    [InlineData("\"iat\"", "\"eat_nonce\":\"BwcHBwcHBwcHBwcHBwcHBw\",\"iat\"", "its claims are no JSON in which each member stands once")]
    [InlineData("affirming", "\\ud800", "its claims are no JSON in which each member stands once")]
    public async Task OtherClaim_IsRefused(string from, string to, string why)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);
        CommandFailure failure = await Assert.ThrowsAsync<CommandFailure>(() => CheckAsync(Good.Replace(from, to, StringComparison.Ordinal)));

        Assert.Equal(ExitCode.Outage, failure.ExitCode);
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AffirmedRefusal_IsRefused()
    {
        CommandFailure failure = await Assert.ThrowsAsync<CommandFailure>(() => CheckAsync(Good.Replace("accepted", "rejected", StringComparison.Ordinal), VerdictView.Rejected));

        Assert.Contains("it affirms a guest that is refused", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>RFC 9711, section 4.1: a nonce may be a text or a list of them. Who sent none must get none.</summary>
    [Theory]
    [InlineData("\"BwcHBwcHBwcHBwcHBwcHBw\"")]
    [InlineData("[\"BwcHBwcHBwcHBwcHBwcHBw\"]")]
    [InlineData("7")]
    [InlineData("null")]
    public async Task NonceThatNobodySent_IsRefused(string nonce)
    {
        const string sent = "\"eat_nonce\":\"BwcHBwcHBwcHBwcHBwcHBw\",";
        CommandFailure failure = await Assert.ThrowsAsync<CommandFailure>(
            () => CheckTokenAsync(Sign(Good.Replace(sent, $"\"eat_nonce\":{nonce},", StringComparison.Ordinal)), VerdictView.Accepted, nonce: null));

        Assert.Contains("it is for another nonce", failure.Message, StringComparison.Ordinal);
        Assert.Equal("affirming", (await CheckTokenAsync(Sign(Good.Replace(sent, "", StringComparison.Ordinal)), VerdictView.Accepted, nonce: null)).Status);
    }

    [Fact]
    public async Task MissingOrUnsignedResult_IsRefused()
    {
        string signed = Sign(Good);
        string none = $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{signed.Split('.')[1]}.";

        foreach (string token in (string[])["", "garbage", none, signed[..signed.LastIndexOf('.')] + "."])
        {
            await Assert.ThrowsAsync<CommandFailure>(() => CheckTokenAsync(token, VerdictView.Accepted, Nonce));
        }
    }

    private static Task<ResultView> CheckAsync(string payload, string outcome = VerdictView.Accepted) => CheckTokenAsync(Sign(payload), outcome, Nonce);

    private static string Sign(string payload) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
        .CreateToken(payload, new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256));

    private static Task<ResultView> CheckTokenAsync(string token, string outcome, HexBytes? nonce)
    {
        JsonWebKeySet keys = new();
        JsonWebKey key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(Key.ECDsa.ExportParameters(false))) { KeyId = "k" });
        keys.Keys.Add(key);
        VerdictView verdict = new()
        {
            Outcome = outcome,
            Rejection = outcome == VerdictView.Accepted ? null : VerdictView.Refused,
            Summary = "",
            Checks = [],
            Warnings = [],
            EvidenceId = "abcd",
            Policy = "default",
            NotCovered = [],
        };
        ResultInput asked = new("me", "https://verifier.example", new Uri("https://verifier.example/.well-known/jwks.json"), null, false, null);
        return ResultCheck.CheckAsync(token, asked, nonce, verdict, keys, Now);
    }
}
