using System.Net;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Web;

/// <summary>Whatever a caller demands in JSON is demanded, or the call is refused: nothing is left out, rounded or taken for something else.</summary>
public sealed class StrictReadingTests
{
    private const string Values = "/v1/tenants/default/referenceValues";

    // What is replaced in a good question, by what, and which field is then wrong and how.
    public static TheoryData<string, string, string, string> Spoilt => new()
    {
        { "\"hostData\"", "\"hostdata\"", "expectations.constraints.hostdata", "UNKNOWN_FIELD" },
        { "\"hostData\"", "\"HostData\"", "expectations.constraints.HostData", "UNKNOWN_FIELD" },
        { "\"hostData\"", "\"host-data\"", "expectations.constraints.?", "UNKNOWN_FIELD" },
        { "\"hostData\"", "\"host\\u0044ata \"", "expectations.constraints.?", "UNKNOWN_FIELD" },
        { "\"constraints\"", "\"constraint\"", "expectations.constraint", "UNKNOWN_FIELD" },
        { "\"expectations\"", "\"expectation\"", "expectation", "UNKNOWN_FIELD" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": null", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": 1, \"required_mitigations\": 0", "expectations.constraints.required_mitigations", "DUPLICATE" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": 9007199254740993", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": \"18446744073709551616\"", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": 1e400", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": 1.0", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": -1", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": \" 1\"", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": \"0x1\"", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": true", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": \"NaN\"", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"requiredMitigations\": [1]", "expectations.constraints.required_mitigations", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"minReportVersion\": 4294967296", "expectations.constraints.min_report_version", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": [\"PRODUCT_VENICE\"]", "expectations.constraints.products[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": [\"product_milan\"]", "expectations.constraints.products[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": [1]", "expectations.constraints.products[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": \"PRODUCT_MILAN\"", "expectations.constraints.products", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": null", "expectations.constraints.products", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"products\": [null]", "expectations.constraints.products[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"vmpls\": null", "expectations.constraints.vmpls", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"vmpls\": {\"values\": [0, 0.5]}", "expectations.constraints.vmpls.values[1]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"vmpls\": []", "expectations.constraints.vmpls", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"signer\": {\"noIdBlock\": {}, \"pinned\": {}}", "expectations.constraints.signer.pinned", "CONTRADICTORY" },
        { "\"requiredMitigations\": \"1\"", "\"chipIds\": [\"AA\"]", "expectations.constraints.chip_ids[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"chipIds\": [\"_-==\"]", "expectations.constraints.chip_ids[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"chipIds\": [\"A A=\"]", "expectations.constraints.chip_ids[0]", "WRONG_FORMAT" },
        { "\"requiredMitigations\": \"1\"", "\"chipIds\": [7]", "expectations.constraints.chip_ids[0]", "WRONG_FORMAT" },
        { "\"image\": \"coconut-svsm\"", "\"image\": 7", "expectations.image", "WRONG_FORMAT" },
        { "\"image\": \"coconut-svsm\"", "\"image\": \"a\", \"kinds\": [\"LAUNCH_KIND_SVSM\"]", "expectations.kinds[0]", "WRONG_FORMAT" },
        { "\"expectations\":", "\"tenant\": \"other\", \"expectations\":", "tenant", "CONTRADICTORY" },
        { "\"expectations\":", "\"includeProof\": \"true\", \"expectations\":", "include_proof", "WRONG_FORMAT" },
        { "\"nonce\":", "\"reportData\": \"AA==\", \"nonce\":", "binding.nonce", "CONTRADICTORY" },
    };

    // What is no body at all.
    public static TheoryData<string> Malformed =>
    [
        "", " ", "null", "[]", "7", "\"text\"", "{", "{}}", "{} {}", "{\"image\"}", "{'a':1}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}", "{\"a\":1,}", "// no\n{}", "\uFEFF{}",
        "{\"tenant\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"includeProof\":true,\"includeProof\":false}",
        string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), string.Concat(Enumerable.Repeat("[", 100_000)), $"{{\"a\":{new string('9', 100_000)}}}",
    ];

    [Theory]
    [MemberData(nameof(Spoilt))]
    public async Task DemandThatIsNotUnderstood_IsNamed_AndNothingIsJudged(string what, string by, string field, string reason)
    {
        await using TestService service = await WebCalls.StartAsync();
        string good = WebCalls.Question();
        string question = good.Replace(what, by, StringComparison.Ordinal);
        Assert.NotEqual(good, question);

        WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, question);

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST", (field, reason)), (answer.Status, answer.Reason, answer.Violation));
        Assert.Equal(0, service.Store.Lookups);
    }

    [Fact]
    public async Task GoodQuestion_IsJudged_ByItsDemands()
    {
        await using TestService service = await WebCalls.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Rpc.Requests.Create(), TestService.Registrar, cancellationToken: TestContext.Current.CancellationToken);

        WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question());
        WebAnswer snake = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question(q => q.Replace("hostData", "host_data", StringComparison.Ordinal)));
        WebAnswer without = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question(q => System.Text.RegularExpressions.Regex.Replace(q, "\"hostData\": \"[^\"]*\", ", "")));

        // The guest has other host data than is demanded, and nothing else against it.
        Assert.Equal(("OUTCOME_REJECTED", "OUTCOME_REJECTED", "OUTCOME_ACCEPTED"), (answer.Outcome, snake.Outcome, without.Outcome));
    }

    [Fact]
    public async Task T93_MalformedBodies_AreTheCallersFault()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach (string body in Malformed.Select(r => r.Data))
        {
            WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, body);
            Assert.True(answer.Status == HttpStatusCode.BadRequest && answer.Reason is "MALFORMED_MESSAGE" or "INVALID_REQUEST", $"{body[..Math.Min(40, body.Length)]}: {answer.Text}");
        }

        Assert.Equal(0, service.Store.Lookups);
    }

    [Theory]
    [InlineData("validateonly=true", "validateonly", "UNKNOWN_FIELD")]
    [InlineData("validateOnly=1", "validate_only", "WRONG_FORMAT")]
    [InlineData("validateOnly=", "validate_only", "WRONG_FORMAT")]
    [InlineData("validateOnly=true&validateOnly=false", "validate_only", "DUPLICATE")]
    [InlineData("validateOnly=true&validate_only=false", "validate_only", "DUPLICATE")]
    [InlineData("validate%20Only=true", "?", "UNKNOWN_FIELD")]
    [InlineData("referenceValue.image=x", "referenceValue.image", "UNKNOWN_FIELD")]
    [InlineData("parent=tenants/other", "parent", "CONTRADICTORY")]
    [InlineData("access_token=x", "access_token", "UNKNOWN_FIELD")]
    public async Task MisspeltQuery_ChangesNothing(string query, string field, string reason)
    {
        await using TestService service = await WebCalls.StartAsync();

        WebAnswer answer = await service.PostAsync($"{Values}?referenceValueId=one&{query}", """{"image":"a","version":"1"}""");

        Assert.Equal((HttpStatusCode.BadRequest, (field, reason)), (answer.Status, answer.Violation));
    }

    [Theory]
    [InlineData("pageSize=a", "page_size", "WRONG_FORMAT")]
    [InlineData("pageSize=99999999999", "page_size", "WRONG_FORMAT")]
    [InlineData("filter.state=STATE_GONE", "filter.state", "WRONG_FORMAT")]
    [InlineData("filter.state=2", "filter.state", "WRONG_FORMAT")]
    [InlineData("filter=x", "filter", "UNKNOWN_FIELD")]
    [InlineData("filter.image.x=x", "filter.image.x", "UNKNOWN_FIELD")]
    public async Task QueryOfAList_IsReadAsStrictly(string query, string field, string reason)
    {
        await using TestService service = await WebCalls.StartAsync();

        WebAnswer answer = await service.GetAsync($"{Values}?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, (field, reason)), (answer.Status, answer.Violation));
    }

    [Fact]
    public async Task QueryBesideAWholeBody_IsRefused()
    {
        await using TestService service = await WebCalls.StartAsync();

        WebAnswer answer = await service.PostAsync($"{WebCalls.VerifyPath}?includeProof=true", WebCalls.Question());

        Assert.Equal(("includeProof", "UNKNOWN_FIELD"), answer.Violation);
    }

    [Fact]
    public async Task TimesAndDurations_AreReadAsStrictly()
    {
        await using TestService service = await WebCalls.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await service.PostAsync("/v1/tenants/default/challenges", """{"life":"30s"}""")).Status);
        foreach (string life in new[] { "30", "\"30\"", "\"30 s\"", "\"1h\"", "{\"seconds\":30}", "null" })
        {
            WebAnswer answer = await service.PostAsync("/v1/tenants/default/challenges", $$"""{"life":{{life}}}""");
            Assert.Equal((HttpStatusCode.BadRequest, ("life", "WRONG_FORMAT")), (answer.Status, answer.Violation));
        }
    }
}
