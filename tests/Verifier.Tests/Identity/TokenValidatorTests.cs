using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Verifier.Service.Identity.Bearer;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>Each defect of a token, one at a time, against an issuer that is really asked for its keys.</summary>
public sealed class TokenValidatorTests
{
    // Told by the token alone: the issuer must not have been asked for anything.
    private static readonly Dictionary<string, (TokenFault Fault, Func<FakeIssuer, TokenDraft, TokenDraft> Spoil)> BeforeTheNetwork = new()
    {
        ["too long"] = (TokenFault.TooLong, (_, t) => t.With("filler", new string('a', 6000))),
        ["algorithm none"] = (TokenFault.AlgorithmNotAllowed, (_, t) => t.WithHeader("alg", "none").SignedBy(_ => [])),
        ["algorithm None"] = (TokenFault.AlgorithmNotAllowed, (_, t) => t.WithHeader("alg", "None").SignedBy(_ => [])),
        ["HMAC with the public key"] = (TokenFault.AlgorithmNotAllowed, (i, t) => t.WithHeader("alg", "HS256").SignedBy(d => HMACSHA256.HashData(i.Key.PublicKeyInfo, d))),
        ["RSA-PSS"] = (TokenFault.AlgorithmNotAllowed, (_, t) => t.WithHeader("alg", "PS256")),
        ["no algorithm"] = (TokenFault.Malformed, (_, t) => t.WithoutHeader("alg")),
        ["no signature"] = (TokenFault.Malformed, (_, t) => t.SignedBy(_ => [])),
        ["another type"] = (TokenFault.TypeNotAllowed, (_, t) => t.WithHeader("typ", "at+jwt")),
        ["type that is no text"] = (TokenFault.TypeNotAllowed, (_, t) => t.WithHeader("typ", 1)),
        ["header jku"] = (TokenFault.HeaderNotAllowed, (i, t) => t.WithHeader("jku", $"{i.Name}/keys")),
        ["header x5u"] = (TokenFault.HeaderNotAllowed, (i, t) => t.WithHeader("x5u", $"{i.Name}/keys")),
        ["header jwk"] = (TokenFault.HeaderNotAllowed, (i, t) => t.WithHeader("jwk", i.Key.ToJwk())),
        ["header x5c"] = (TokenFault.HeaderNotAllowed, (_, t) => t.WithHeader("x5c", new JsonArray("AAAA"))),
        ["header crit"] = (TokenFault.HeaderNotAllowed, (_, t) => t.WithHeader("crit", new JsonArray("exp"))),
        ["no key id"] = (TokenFault.KeyUnknown, (_, t) => t.WithoutHeader("kid")),
        ["header member twice"] = (TokenFault.Malformed, (_, t) => t.WithRawHeader("\"alg\":\"none\"")),
        ["header member twice, escaped"] = (TokenFault.Malformed, (_, t) => t.WithRawHeader("\"\\u0061lg\":\"none\"")),
        ["claim twice"] = (TokenFault.Malformed, (_, t) => t.WithRawClaims("\"sub\":\"another\"")),
        ["inner claim twice"] = (TokenFault.Malformed, (_, t) => t.WithRawClaims("\"a\":{\"b\":1,\"b\":2}")),
        ["header member with half a surrogate pair"] = (TokenFault.Malformed, (_, t) => t.WithRawHeader("\"\\ud800\":1")),
        ["claim with half a surrogate pair"] = (TokenFault.Malformed, (_, t) => t.WithRawClaims("\"\\ud800\":1")),
        ["claims that nest"] = (TokenFault.Malformed, (_, t) => t.WithRawClaims($"\"a\":{new string('[', 40)}{new string(']', 40)}")),
        ["another issuer"] = (TokenFault.IssuerUnknown, (_, t) => t.With("iss", "https://token.actions.githubusercontent.com")),
        ["issuer with a slash behind"] = (TokenFault.IssuerUnknown, (i, t) => t.With("iss", $"{i.Name}/")),
        ["issuer in upper case"] = (TokenFault.IssuerUnknown, (i, t) => t.With("iss", i.Name.ToUpperInvariant())),
        ["list of issuers"] = (TokenFault.IssuerUnknown, (i, t) => t.With("iss", new JsonArray(i.Name))),
        ["no issuer"] = (TokenFault.IssuerUnknown, (_, t) => t.Without("iss")),
        ["legacy Kubernetes token"] = (TokenFault.IssuerUnknown, (_, t) => t.With("iss", "kubernetes/serviceaccount").Without("exp").Without("aud")),
    };

    private static readonly Dictionary<string, (TokenFault Fault, Func<FakeIssuer, TokenDraft, TokenDraft> Spoil)> AfterIt = new()
    {
        ["unknown key"] = (TokenFault.KeyUnknown, (_, t) => t.WithHeader("kid", "key-2")),
        ["key of another algorithm"] = (TokenFault.AlgorithmNotAllowed, (_, t) => t.WithHeader("alg", "ES256")),
        ["signed by somebody else"] = (TokenFault.SignatureWrong, (_, t) => t.SignedBy(IssuerSigningKey.Rsa("key-1").Sign)),
        ["signature with a bit flipped"] = (TokenFault.SignatureWrong, (i, t) => t.SignedBy(d => Flip(i.Key.Sign(d)))),
        ["signature of other claims"] = (TokenFault.SignatureWrong, (i, t) => t.SignedBy(_ => i.Key.Sign(Encoding.ASCII.GetBytes(i.Token("another").ToString())))),
        ["wrong audience"] = (TokenFault.AudienceWrong, (_, t) => t.With("aud", "another")),
        ["audience that begins alike"] = (TokenFault.AudienceWrong, (_, t) => t.With("aud", FakeIssuer.Audience + ".example")),
        ["other audiences"] = (TokenFault.AudienceWrong, (_, t) => t.With("aud", new JsonArray("one", "another"))),
        ["no audience"] = (TokenFault.AudienceWrong, (_, t) => t.Without("aud")),
        ["audience that is no text"] = (TokenFault.Malformed, (_, t) => t.With("aud", new JsonArray(FakeIssuer.Audience, 7))),
        ["no subject"] = (TokenFault.ClaimsIncomplete, (_, t) => t.Without("sub")),
        ["empty subject"] = (TokenFault.ClaimsIncomplete, (_, t) => t.With("sub", "")),
        ["subject that is a number"] = (TokenFault.ClaimsIncomplete, (_, t) => t.With("sub", 4711)),
        ["subject with a line end"] = (TokenFault.ClaimsIncomplete, (_, t) => t.With("sub", "a\nb")),
        ["no end"] = (TokenFault.ClaimsIncomplete, (_, t) => t.Without("exp")),
        ["end as a text"] = (TokenFault.ClaimsIncomplete, (_, t) => t.With("exp", "1800000000")),
        ["end with a fraction"] = (TokenFault.ClaimsIncomplete, (_, t) => t.With("exp", 1800000000.5)),
        ["not said when it was issued"] = (TokenFault.ClaimsIncomplete, (_, t) => t.Without("iat")),
        ["beginning as a text"] = (TokenFault.Malformed, (_, t) => t.With("nbf", "soon")),
    };

    public static TheoryData<string> EarlyDefects => [.. BeforeTheNetwork.Keys];

    public static TheoryData<string> LateDefects => [.. AfterIt.Keys];

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task GoodToken_TellsWhoItIsOf(string algorithm)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Issuer.Key = algorithm == "RS256" ? IssuerSigningKey.Rsa("a") : IssuerSigningKey.Ec("a", algorithm);
        TokenDraft token = bench.Issuer.Token("me").With("aud", new JsonArray("another", FakeIssuer.Audience));

        TokenIdentity identity = Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(token)).Identity;

        Assert.Equal(("me", bench.Issuer.Name), (identity.Subject, identity.Issuer.Name));
        Assert.Equal(64, identity.TokenSha256.Length);
    }

    [Theory]
    [MemberData(nameof(EarlyDefects))]
    public async Task T107_DefectOfTheTokenAlone_IsRefusedBeforeTheIssuerIsAsked(string defect)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        (TokenFault fault, Func<FakeIssuer, TokenDraft, TokenDraft> spoil) = BeforeTheNetwork[defect];

        Assert.Equal(fault, await bench.FaultAsync(spoil(bench.Issuer, bench.Issuer.Token())));

        Assert.Equal(0, bench.Issuer.Requests);
    }

    [Theory]
    [MemberData(nameof(LateDefects))]
    public async Task T107_Defect_IsRefused(string defect)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        (TokenFault fault, Func<FakeIssuer, TokenDraft, TokenDraft> spoil) = AfterIt[defect];

        Assert.Equal(fault, await bench.FaultAsync(spoil(bench.Issuer, bench.Issuer.Token())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    [InlineData("{}.{}.x")]
    [InlineData("e30.e30.")]
    [InlineData("bnVsbA.e30.AAAA")]
    public async Task TextThatIsNoToken_IsMalformed(string text)
    {
        await using TokenBench bench = await TokenBench.StartAsync();

        Assert.Equal(new TokenOutcome.Refused(TokenFault.Malformed), await bench.Validator.ValidateAsync(text, TestContext.Current.CancellationToken));
    }

    // Each is the same token to a lenient reader.
    [Theory]
    [InlineData("=", "")]
    [InlineData("", " ")]
    [InlineData("\n", "")]
    public async Task TokenWrittenInAnotherWay_IsMalformed(string behindHeader, string behindAll)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        string[] parts = bench.Issuer.Token().ToString().Split('.');

        TokenOutcome outcome = await bench.Validator.ValidateAsync($"{parts[0]}{behindHeader}.{parts[1]}.{parts[2]}{behindAll}", TestContext.Current.CancellationToken);

        Assert.Equal(new TokenOutcome.Refused(TokenFault.Malformed), outcome);
    }

    [Fact]
    public void UnusedBitsOfTheLastCharacter_AreMalformed()
    {
        Assert.True(Base64UrlText.TryDecode("AA", out _));
        Assert.False(Base64UrlText.TryDecode("AB", out _));
    }

    [Theory]
    [InlineData(-60, 0, nameof(TokenFault.None))]
    [InlineData(-61, 0, nameof(TokenFault.NotYetValid))]
    [InlineData(659, 0, nameof(TokenFault.None))]
    [InlineData(660, 0, nameof(TokenFault.Expired))]
    [InlineData(3660, 86400, nameof(TokenFault.None))]
    [InlineData(3661, 86400, nameof(TokenFault.TooOld))]
    public async Task Times_HaveAMinuteOfLeeway(int secondsLater, int longerLife, string expected)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        long now = bench.Clock.GetUtcNow().ToUnixTimeSeconds();
        TokenDraft token = bench.Issuer.Token().With("iat", now - secondsLater).With("nbf", now - secondsLater).With("exp", now - secondsLater + 600 + longerLife);

        TokenOutcome outcome = await bench.ValidateAsync(token);

        Assert.Equal(expected, (outcome is TokenOutcome.Refused refused ? refused.Fault : TokenFault.None).ToString());
    }

    [Fact]
    public async Task AlgorithmThatTheIssuerMayNotUse_IsRefused()
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.Algorithms = ["ES256"]);

        Assert.Equal(TokenFault.AlgorithmNotAllowed, await bench.FaultAsync(bench.Issuer.Token()));
        Assert.Equal(0, bench.Issuer.Requests);
    }

    [Fact]
    public async Task MutatedToken_IsNeverTaken()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Issuer.Key = IssuerSigningKey.Ec("key-1");
        string token = bench.Issuer.Token().ToString();
        for (int i = 0; i < token.Length; i++)
        {
            char other = token[i] == 'A' ? 'B' : 'A';
            TokenOutcome outcome = await bench.Validator.ValidateAsync($"{token[..i]}{other}{token[(i + 1)..]}", TestContext.Current.CancellationToken);
            Assert.IsNotType<TokenOutcome.Valid>(outcome);
        }
    }

    private static byte[] Flip(byte[] signature)
    {
        signature[^1] ^= 1;
        return signature;
    }
}
