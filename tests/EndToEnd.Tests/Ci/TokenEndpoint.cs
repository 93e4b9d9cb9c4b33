using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verifier.TestKit.Identity;

namespace Verifier.EndToEnd.Tests.Ci;

/// <summary>Where a job of GitHub gets its tokens: whoever shows the request's own token has one minted for the audience that it names.</summary>
internal sealed class TokenEndpoint : IAsyncDisposable
{
    public const string RequestToken = "eyJhbGciOiJub25lIn0.cnVubmVy.c2VjcmV0-of_theRunner";

    private readonly WebApplication _app;
    private readonly Func<string, TokenDraft> _mint;

    private TokenEndpoint(WebApplication app, Func<string, TokenDraft> mint) => (_app, _mint) = (app, mint);

    public string Url => $"{_app.Urls.Single()}/idtoken/1?api-version=2.0";

    /// <summary>Tokens handed out so far.</summary>
    public ConcurrentQueue<string> Issued { get; } = [];

    public static async Task<TokenEndpoint> StartAsync(Func<string, TokenDraft> mint)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        TokenEndpoint endpoint = new(app, mint);
        app.Run(endpoint.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        string? audience = context.Request.Query["audience"];
        if (context.Request.Method != "GET"
            || context.Request.Path != "/idtoken/1"
            || context.Request.Query["api-version"] != "2.0"
            || context.Request.Headers.Authorization != $"bearer {RequestToken}"
            || string.IsNullOrEmpty(audience))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        string token = _mint(audience).ToString();
        Issued.Enqueue(token);
        return context.Response.WriteAsJsonAsync(new { count = token.Length, value = token });
    }
}
