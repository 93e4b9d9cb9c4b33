using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.TestKit.Identity;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Identity;

/// <summary>Keys come from the configured issuer alone, seldom, and their absence is an outage, not a bad token.</summary>
public sealed class IssuerKeysTests
{
    private static readonly Dictionary<string, Func<FakeIssuer, HttpContext, Task>> BadAnswers = new()
    {
        ["server error"] = (_, c) => Status(c, 500),
        ["not found"] = (_, c) => Status(c, 404),
        ["redirect to the genuine keys"] = (i, c) => c.Request.Path == "/moved" ? Keys(i, c) : Redirect(c, $"{i.Name}/moved"),
        ["no JSON"] = (_, c) => c.Response.WriteAsync("<html>"),
        ["keys that are no list"] = (_, c) => c.Response.WriteAsync("""{"keys":{}}"""),
        ["member twice"] = (_, c) => c.Response.WriteAsync("""{"keys":[],"keys":[]}"""),
        ["too large"] = (_, c) => c.Response.WriteAsync($$"""{"keys":[],"filler":"{{new string('a', 300_000)}}"}"""),
        ["never ends"] = async (_, c) => await Task.Delay(Timeout.Infinite, c.RequestAborted),
        ["cut connection"] = (_, c) =>
        {
            c.Abort();
            return Task.CompletedTask;
        },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Outages => [.. BadAnswers.Keys];

    [Fact]
    public async Task Keys_AreFetchedOnce()
    {
        await using TokenBench bench = await TokenBench.StartAsync();

        for (int i = 0; i < 3; i++)
        {
            Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));
        }

        Assert.Equal(2, bench.Issuer.Requests);
    }

    [Fact]
    public async Task ManyAtOnce_ShareOneFetch()
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.JwksUri = o.Issuer + "/keys");
        TaskCompletionSource gate = new();
        bench.Issuer.Answer = async context =>
        {
            await gate.Task;
            await bench.Issuer.AnswerItselfAsync(context);
        };

        Task<TokenOutcome>[] all = [.. Enumerable.Range(0, 20).Select(_ => bench.ValidateAsync(bench.Issuer.Token()))];
        gate.SetResult();

        Assert.All(await Task.WhenAll(all), o => Assert.IsType<TokenOutcome.Valid>(o));
        Assert.Equal(1, bench.Issuer.Requests);
    }

    [Fact]
    public async Task CallerWhoLeaves_DoesNotEndTheFetchForOthers()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        TaskCompletionSource gate = new();
        bench.Issuer.Answer = async context =>
        {
            await gate.Task;
            await bench.Issuer.AnswerItselfAsync(context);
        };
        using CancellationTokenSource leaving = new();
        Task<KeyLookup> first = bench.Keys.FindAsync("key-1", leaving.Token);
        Task<KeyLookup> second = bench.Keys.FindAsync("key-1", Cancellation);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.IsType<KeyLookup.Found>(await second);
    }

    [Fact]
    public async Task UnknownKey_IsLookedForOnceAMinute()
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.JwksUri = o.Issuer + "/keys");
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(TokenFault.KeyUnknown, await bench.FaultAsync(bench.Issuer.Token().WithHeader("kid", $"made-up-{i}")));
        }

        Assert.Equal(1, bench.Issuer.Requests);
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TokenFault.KeyUnknown, await bench.FaultAsync(bench.Issuer.Token().WithHeader("kid", "made-up")));
        Assert.Equal(2, bench.Issuer.Requests);
        Assert.Equal(TokenFault.KeyUnknown, await bench.FaultAsync(bench.Issuer.Token().WithHeader("kid", "made-up")));
        Assert.Equal(2, bench.Issuer.Requests);
    }

    [Fact]
    public async Task NewKey_IsFound_AndAKeyThatIsGoneIsNoLongerTaken()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        TokenDraft old = bench.Issuer.Token().With("exp", bench.Clock.GetUtcNow().ToUnixTimeSeconds() + 7200);
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(old));
        bench.Clock.Advance(TimeSpan.FromMinutes(2));
        bench.Issuer.Key = IssuerSigningKey.Ec("key-2");

        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));

        Assert.Equal(TokenFault.KeyUnknown, await bench.FaultAsync(old));
    }

    [Fact]
    public async Task AgedKeys_AreFetchedAgainBehindTheCall()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        TokenDraft old = bench.Issuer.Token().With("exp", bench.Clock.GetUtcNow().ToUnixTimeSeconds() + 7200);
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(old));
        bench.Clock.Advance(TimeSpan.FromMinutes(11));
        bench.Issuer.Key = IssuerSigningKey.Ec("key-2");

        // The call that finds them old is answered by what is there; soon after, the withdrawn key is gone.
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(old));
        for (int i = 0; i < 1500 && await bench.ValidateAsync(old) is TokenOutcome.Valid; i++)
        {
            await Task.Delay(20, Cancellation);
        }

        Assert.Equal(TokenFault.KeyUnknown, await bench.FaultAsync(old));
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task IssuerThatCannotBeAsked_IsAnOutage(string outage)
    {
        await using TokenBench bench = await TokenBench.StartAsync(configure: o => o.JwksUri = o.Issuer + "/keys");
        bench.Issuer.Answer = context => BadAnswers[outage](bench.Issuer, context);

        TokenOutcome.CannotTell first = Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token()));
        int asked = bench.Issuer.Requests;
        Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token()));

        Assert.Equal(asked, bench.Issuer.Requests);
        Assert.InRange(first.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

        bench.Issuer.Answer = null;
        bench.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));
    }

    [Fact]
    public async Task OutageWithKeysAtHand_LeavesThemInUseForADay()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));
        bench.Issuer.Answer = context => Status(context, 503);

        bench.Clock.Advance(TimeSpan.FromHours(23));
        Assert.IsType<TokenOutcome.Valid>(await bench.ValidateAsync(bench.Issuer.Token()));
        Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token().WithHeader("kid", "newer")));
        bench.Clock.Advance(TimeSpan.FromHours(1));

        Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token()));
    }

    [Theory]
    [InlineData("http://issuer.example/keys")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/keys")]
    public async Task DiscoveryThatLeadsElsewhere_IsNotFollowed(string address)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Issuer.Answer = context => context.Response.WriteAsync(new JsonObject { ["issuer"] = bench.Issuer.Name, ["jwks_uri"] = address }.ToJsonString());

        Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token()));
        Assert.Equal(1, bench.Issuer.Requests);
    }

    [Fact]
    public async Task DiscoveryOfAnotherIssuer_IsNotFollowed()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Issuer.Answer = context =>
            context.Response.WriteAsync(new JsonObject { ["issuer"] = $"{bench.Issuer.Name}/", ["jwks_uri"] = $"{bench.Issuer.Name}/keys" }.ToJsonString());

        Assert.IsType<TokenOutcome.CannotTell>(await bench.ValidateAsync(bench.Issuer.Token()));
        Assert.Equal(1, bench.Issuer.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tls_IsVouchedForByTheConfiguredAuthority(bool isVouchedFor)
    {
        using KdsTls authority = new();
        using KdsTls other = new();
        await using FakeIssuer issuer = await FakeIssuer.StartAsync(certificate: authority.Good());
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, (isVouchedFor ? authority : other).AuthorityPem, Cancellation);
        using KeyClient client = new(new Verifier.Service.Identity.IssuerOptions { Issuer = issuer.Name, Audience = FakeIssuer.Audience, CaFile = file });

        KeyFetch fetch = await client.FetchAsync();

        Assert.Equal((isVouchedFor ? 1 : null, isVouchedFor ? "" : "SecureConnectionError"), (fetch.Keys?.Count, fetch.Fault));
        File.Delete(file);
    }

    private static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Redirect(HttpContext context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }

    private static Task Keys(FakeIssuer issuer, HttpContext context)
    {
        context.Request.Path = "/keys";
        return issuer.AnswerItselfAsync(context);
    }
}
