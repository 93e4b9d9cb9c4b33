using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Web;

/// <summary>The contract as JSON: what it answers, and that it is the same service behind.</summary>
public sealed class JsonTests
{
    private const string Values = "/v1/tenants/default/referenceValues";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisteredGuest_IsAccepted_AnotherIsNot()
    {
        await using TestService service = await WebCalls.StartAsync();
        VerifyRequest asked = Requests.Verify();
        string question = JsonFormatter.Default.Format(asked);

        WebAnswer before = await service.PostAsync(WebCalls.VerifyPath, question);
        WebAnswer created = await service.PostAsync($"{Values}?referenceValueId=one", JsonFormatter.Default.Format(Requests.Create().ReferenceValue));
        WebAnswer after = await service.PostAsync(WebCalls.VerifyPath, question);

        Assert.Equal((HttpStatusCode.OK, "OUTCOME_REJECTED"), (before.Status, before.Outcome));
        Assert.Equal("tenants/default/referenceValues/one", created.Body.GetProperty("referenceValue").GetProperty("name").GetString());
        Assert.Equal((HttpStatusCode.OK, "OUTCOME_ACCEPTED"), (after.Status, after.Outcome));
        Assert.Equal("application/json", after.ContentType!.Split(';')[0]);
        Assert.Equal(
            (await service.Verifier.VerifyAsync(asked, cancellationToken: Cancellation)).Verdict,
            JsonParser.Default.Parse<VerifyResponse>(after.Text).Verdict);
    }

    [Fact]
    public async Task LifeOfAReferenceValue_OverItsVerbs()
    {
        await using TestService service = await WebCalls.StartAsync();
        await service.PostAsync($"{Values}?referenceValueId=one", JsonFormatter.Default.Format(Requests.Create().ReferenceValue));

        Assert.Equal("STATE_DEPRECATED", State(await service.PostAsync($"{Values}/one:deprecate", "{}")));
        Assert.Equal("STATE_ACTIVE", State(await service.PostAsync($"{Values}/one:activate", "{}")));
        Assert.Equal("STATE_ACTIVE", State(await service.GetAsync($"{Values}/one")));
        Assert.Equal("STATE_REVOKED", State(await service.PostAsync($"{Values}/one:revoke?", """{"reason":"leaked key"}""")));
        WebAnswer list = await service.GetAsync($"{Values}?pageSize=5&filter.state=STATE_REVOKED");
        Assert.Equal(1, list.Body.GetProperty("referenceValues").GetArrayLength());
        Assert.Equal(0, (await service.GetAsync($"{Values}?filter.state=STATE_ACTIVE")).Body.GetProperty("referenceValues").GetArrayLength());
    }

    [Fact]
    public async Task WholeResource_IsReplacedUnderItsOwnNameOnly()
    {
        await using TestService service = await WebCalls.StartAsync();
        const string path = "/v1/tenants/default/identityRules/ci";
        const string rule = """{"name":"tenants/default/identityRules/ci","roles":["ROLE_READER"],"certificate":{"dnsName":"ci.example.org"}}""";

        WebAnswer made = await service.PutAsync($"{path}?allowMissing=true", rule);
        WebAnswer again = await service.PutAsync(path, rule.Replace("\"name\":\"tenants/default/identityRules/ci\",", "", StringComparison.Ordinal));
        WebAnswer other = await service.PutAsync(path, rule.Replace("/ci\"", "/cd\"", StringComparison.Ordinal));
        WebAnswer gone = await service.DeleteAsync(path);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (made.Status, again.Status, gone.Status));
        Assert.Equal((HttpStatusCode.BadRequest, ("identity_rule.name", "CONTRADICTORY")), (other.Status, other.Violation));
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync(path)).Status);
    }

    [Fact]
    public async Task Errors_AreStatusesWithDetails()
    {
        await using TestService service = await WebCalls.StartAsync();

        WebAnswer absent = await service.GetAsync($"{Values}/none");
        WebAnswer bad = await service.PostAsync(WebCalls.VerifyPath, """{"evidence":{"snp":{"report":"AAAA"}}}""");
        WebAnswer unknown = await service.PostAsync("/v1/tenants/nobody:verify", WebCalls.Question());
        WebAnswer nobody = await service.SendAsync(WebCalls.Request(HttpMethod.Post, $"{Values}/one:revoke", WebCalls.Json("{}"), isAdmin: false));

        Assert.Equal((HttpStatusCode.NotFound, "REFERENCE_VALUE_NOT_FOUND", 5), (absent.Status, absent.Reason, absent.Body.GetProperty("code").GetInt32()));
        Assert.Equal((HttpStatusCode.BadRequest, "MALFORMED_EVIDENCE"), (bad.Status, bad.Reason));
        Assert.Equal("evidence.snp.report", bad.Violation.Field);
        Assert.Equal((HttpStatusCode.NotFound, "TENANT_NOT_FOUND"), (unknown.Status, unknown.Reason));
        Assert.Equal((HttpStatusCode.Unauthorized, "TOKEN_MISSING"), (nobody.Status, nobody.Reason));
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task T107_EveryMethod_AsksForTheRightOfItsTenant()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach ((string verb, string path) in WebRoutes.Changing)
        {
            using HttpRequestMessage request = WebCalls.Request(new HttpMethod(verb), path, verb is "DELETE" or "GET" ? null : WebCalls.Json("{}"), isAdmin: false);
            WebAnswer answer = await service.SendAsync(request);
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{verb} {path}: {answer.Text}");
        }
    }

    [Fact]
    public async Task EveryMappedMethod_IsReached_AndNoOther()
    {
        await using TestService service = await WebCalls.StartAsync();
        foreach ((string verb, string path) in WebRoutes.All.Where(r => !r.Path.EndsWith(":watch", StringComparison.Ordinal)))
        {
            using HttpRequestMessage request = WebCalls.Request(new HttpMethod(verb), path, verb is "DELETE" or "GET" ? null : WebCalls.Json("{}"));
            WebAnswer answer = await service.SendAsync(request);
            Assert.True(answer.Status == HttpStatusCode.OK || answer.Reason != "METHOD_UNKNOWN", $"{verb} {path}: {answer.Text}");
            Assert.True(answer.Status is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.InternalServerError), $"{verb} {path}: {answer.Text}");
        }

        WebAnswer none = await service.GetAsync("/v1/tenants/default/nothing/here");
        foreach (string other in new[] { "/v1/Tenants/default/referenceValues", "/V1/tenants/default/referenceValues", "/v1/tenants/default/referenceValues/", "/v1//tenants" })
        {
            Assert.Equal((HttpStatusCode.NotFound, "METHOD_UNKNOWN"), (await service.GetAsync(other)) is var answer ? (answer.Status, answer.Reason) : default);
        }

        WebAnswer wrongVerb = await service.DeleteAsync("/v1/tenants/default/policies");
        Assert.Equal((HttpStatusCode.NotFound, "METHOD_UNKNOWN"), (none.Status, none.Reason));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "METHOD_UNKNOWN"), (wrongVerb.Status, wrongVerb.Reason));
    }

    [Fact]
    public async Task DeadlineOfAJsonCall_IsKept()
    {
        await using TestService service = await WebCalls.StartAsync("--Server:DefaultDeadline=00:00:00.3");
        service.Store.Delay = token => Task.Delay(Timeout.Infinite, token);

        WebAnswer byDefault = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question());
        using HttpRequestMessage shorter = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, WebCalls.Json(WebCalls.Question()));
        shorter.Headers.Add("Grpc-Timeout", "50m");
        WebAnswer byHeader = await service.SendAsync(shorter);
        using HttpRequestMessage wrong = WebCalls.Request(HttpMethod.Post, WebCalls.VerifyPath, WebCalls.Json(WebCalls.Question()));
        wrong.Headers.Add("Grpc-Timeout", "soon");

        Assert.Equal((HttpStatusCode.GatewayTimeout, "DEADLINE_EXCEEDED"), (byDefault.Status, byDefault.Reason));
        Assert.Equal((HttpStatusCode.GatewayTimeout, "DEADLINE_EXCEEDED"), (byHeader.Status, byHeader.Reason));
        Assert.Equal(HttpStatusCode.BadRequest, (await service.SendAsync(wrong)).Status);
    }

    [Fact]
    public async Task Defect_TellsNothingOfItself()
    {
        await using TestService service = await WebCalls.StartAsync();
        service.Store.Delay = _ => throw new InvalidOperationException("secret path /etc/verifier");
        service.ExpectedErrors.Add(2000);

        WebAnswer answer = await service.PostAsync(WebCalls.VerifyPath, WebCalls.Question());

        Assert.Equal((HttpStatusCode.InternalServerError, "INTERNAL_DEFECT"), (answer.Status, answer.Reason));
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    private static string State(WebAnswer answer) => answer.Body.GetProperty("referenceValue").GetProperty("state").GetString() ?? throw new JsonException(answer.Text);
}
