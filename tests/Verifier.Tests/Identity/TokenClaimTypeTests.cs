using System.Text.Json.Nodes;
using Verifier.Service.Identity.Bearer;

namespace Verifier.Tests.Identity;

/// <summary>
/// RFC 7519: issuer and subject are texts, the audience is a text or a list of texts, times are numbers. What is of another type is never read as if it were of
/// the right one, though the issuer's signature stands under it.
/// </summary>
public sealed class TokenClaimTypeTests
{
    private static readonly string[] Times = ["exp", "nbf", "iat"];
    private static readonly string[] NoNumbers = ["\"1793534400\"", "\"\"", "true", "false", "{}", "[1793534400]", "null"];

    public static TheoryData<string, string> WrongTimes => [.. Times.SelectMany(c => NoNumbers, (c, n) => (c, n))];

    [Theory]
    [InlineData("4711")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("{\"a\":\"me\"}")]
    [InlineData("[\"me\"]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public Task T107_SubjectThatIsNoText_IsRefused(string subject) => RefusedAsync("sub", subject, TokenFault.ClaimsIncomplete, TokenFault.Malformed);

    [Theory]
    [InlineData("4711")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public Task T107_IssuerThatIsNoText_IsRefused(string issuer) => RefusedAsync("iss", issuer, TokenFault.IssuerUnknown);

    [Theory]
    [InlineData("4711", "4711")]
    [InlineData("true", "true")]
    public async Task T107_IssuerThatIsNoText_IsNotReadAsAName(string issuer, string configured)
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.Issuer = configured);

        Assert.Equal(TokenFault.IssuerUnknown, await bench.FaultAsync(bench.Issuer.Token().With("iss", JsonNode.Parse(issuer))));
    }

    [Theory]
    [InlineData("4711")]
    [InlineData("true")]
    [InlineData("{\"verifier.test\":1}")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("[4711]")]
    [InlineData("[null]")]
    [InlineData("[[\"verifier.test\"]]")]
    [InlineData("[\"verifier.test\",4711]")]
    [InlineData("[\"verifier.test\",true]")]
    [InlineData("[\"verifier.test\",null]")]
    [InlineData("[\"verifier.test\",{}]")]
    [InlineData("[\"verifier.test\",[\"verifier.test\"]]")]
    public Task T107_AudienceThatIsNeitherATextNorAListOfTexts_IsRefused(string audience) =>
        RefusedAsync("aud", audience, TokenFault.AudienceWrong, TokenFault.Malformed);

    [Theory]
    [InlineData("4711", "4711")]
    [InlineData("true", "true")]
    [InlineData("[4711]", "4711")]
    public async Task T107_AudienceThatIsNoText_IsNotReadAsAName(string audience, string configured)
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.Audience = configured);

        Assert.Contains(await bench.FaultAsync(bench.Issuer.Token().With("aud", JsonNode.Parse(audience))), new[] { TokenFault.AudienceWrong, TokenFault.Malformed });
    }

    [Theory]
    [MemberData(nameof(WrongTimes))]
    public Task T107_TimeThatIsNoNumber_IsRefused(string claim, string time) => RefusedAsync(claim, time, TokenFault.ClaimsIncomplete, TokenFault.Malformed);

    private static async Task RefusedAsync(string claim, string json, params TokenFault[] faults)
    {
        await using TokenBench bench = await TokenBench.StartAsync();

        Assert.Contains(await bench.FaultAsync(bench.Issuer.Token().With(claim, JsonNode.Parse(json))), faults);
    }
}
