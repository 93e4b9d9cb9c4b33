using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Verifier.TestKit.Identity;

/// <summary>
/// A stand-in for an issuer of OIDC tokens: a real server on loopback that publishes its keys, and mints tokens as GitHub Actions,
/// GitLab CI and Kubernetes do. Its other answers can be had by replacing <see cref="Answer"/>.
/// </summary>
public sealed class FakeIssuer : IAsyncDisposable
{
    /// <summary>What its tokens are made for.</summary>
    public const string Audience = "verifier.test";

    // Making one takes a while, and tests make many issuers.
    private static readonly IssuerSigningKey FirstKey = IssuerSigningKey.Rsa("key-1");

    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private int _requests;

    private FakeIssuer(WebApplication app, TimeProvider clock) => (_app, _clock) = (app, clock);

    /// <summary>Its name, <c>iss</c>, and its address.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The key it signs with.</summary>
    public IssuerSigningKey Key { get; set; } = FirstKey;

    /// <summary>The keys that it publishes besides.</summary>
    public IList<IssuerSigningKey> OtherKeys { get; } = [];

    /// <summary>Requests so far, of its discovery document and of its keys.</summary>
    public int Requests => _requests;

    /// <summary>Answers instead of the issuer; null lets it answer itself.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    /// <summary>Starts one on a free port.</summary>
    /// <param name="clock">The time that its tokens are issued at. Default: the machine's.</param>
    /// <param name="certificate">TLS certificate for localhost; null for plain HTTP.</param>
    /// <returns>The running issuer.</returns>
    public static async Task<FakeIssuer> StartAsync(TimeProvider? clock = null, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication app = builder.Build();
        FakeIssuer issuer = new(app, clock ?? TimeProvider.System);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        Uri address = new(app.Urls.Single());
        issuer.Name = certificate is null ? $"http://127.0.0.1:{address.Port}" : $"https://localhost:{address.Port}";
        return issuer;
    }

    /// <summary>The settings that make a service take its tokens.</summary>
    /// <param name="kind">GitHub, GitLab, Kubernetes or Other.</param>
    /// <param name="index">Its place in the list of issuers.</param>
    /// <returns>Arguments of the service.</returns>
    public string[] Settings(string kind, int index = 0) =>
    [
        $"--Identity:Issuers:{index}:Issuer={Name}",
        $"--Identity:Issuers:{index}:Audience={Audience}",
        $"--Identity:Issuers:{index}:Kind={kind}",
    ];

    /// <summary>A token of any shape.</summary>
    /// <param name="subject">Its <c>sub</c>.</param>
    /// <returns>The draft.</returns>
    public TokenDraft Token(string subject = "somebody")
    {
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        return TokenDraft.Of(Key, new JsonObject
        {
            ["iss"] = Name,
            ["aud"] = Audience,
            ["sub"] = subject,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 600,
            ["jti"] = "0a2e4d0c-3f5b-4a6d-9d55-1c8c9a0f7b11",
        });
    }

    /// <summary>A token as a job of GitHub Actions gets: a release of octo/firmware, number 4711 of owner 815.</summary>
    /// <returns>The draft.</returns>
    public TokenDraft GitHubToken() => Token("repo:octo/firmware:ref:refs/tags/v1.2.3")
        .With("repository", "octo/firmware")
        .With("repository_id", "4711")
        .With("repository_owner", "octo")
        .With("repository_owner_id", "815")
        .With("repository_visibility", "public")
        .With("job_workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/tags/v1.2.3")
        .With("workflow_ref", "octo/firmware/.github/workflows/release.yml@refs/tags/v1.2.3")
        .With("ref", "refs/tags/v1.2.3")
        .With("ref_type", "tag")
        .With("sha", "6d3c1f0a7c0b4f9e8d2a5b6c7d8e9f0a1b2c3d4e")
        .With("event_name", "push")
        .With("environment", "release")
        .With("runner_environment", "github-hosted")
        .With("run_id", "99");

    /// <summary>A token as a job of GitLab CI gets: branch main of group/firmware, number 4711 in namespace 815.</summary>
    /// <returns>The draft.</returns>
    public TokenDraft GitLabToken() => Token("project_path:group/firmware:ref_type:branch:ref:main")
        .With("project_id", "4711")
        .With("project_path", "group/firmware")
        .With("namespace_id", "815")
        .With("namespace_path", "group")
        .With("job_project_id", "4711")
        .With("job_project_path", "group/firmware")
        .With("job_namespace_id", "815")
        .With("pipeline_source", "push")
        .With("pipeline_id", "77")
        .With("job_id", "78")
        .With("ref", "main")
        .With("ref_type", "branch")
        .With("ref_protected", "true")
        .With("environment", "release")
        .With("ci_config_ref_uri", "gitlab.example/group/firmware//.gitlab-ci.yml@refs/heads/main")
        .With("sha", "6d3c1f0a7c0b4f9e8d2a5b6c7d8e9f0a1b2c3d4e");

    /// <summary>A token as a pod gets: account registrar of namespace ci.</summary>
    /// <returns>The draft.</returns>
    public TokenDraft KubernetesToken() => Token("system:serviceaccount:ci:registrar").WithoutHeader("typ")
        .With("aud", new JsonArray(Audience, "another"))
        .With("kubernetes.io", new JsonObject
        {
            ["namespace"] = "ci",
            ["serviceaccount"] = new JsonObject { ["name"] = "registrar", ["uid"] = "5f0c6b1e-5b8a-4a3c-8a55-0c2f4f8f9d10" },
            ["pod"] = new JsonObject { ["name"] = "build-1", ["uid"] = "0e1d2c3b-4a59-4687-9605-f4e3d2c1b0a9" },
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        return Answer is { } other ? other(context) : AnswerItselfAsync(context);
    }

    /// <summary>The genuine answer, for an <see cref="Answer"/> that changes some only.</summary>
    /// <param name="context">The request.</param>
    /// <returns>When it is written.</returns>
    public Task AnswerItselfAsync(HttpContext context)
    {
        JsonObject? body = context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => new JsonObject { ["issuer"] = Name, ["jwks_uri"] = $"{Name}/keys" },
            "/keys" => new JsonObject { ["keys"] = new JsonArray([Key.ToJwk(), .. OtherKeys.Select(k => k.ToJwk())]) },
            _ => null,
        };
        context.Response.StatusCode = body is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        return body is null ? Task.CompletedTask : context.Response.WriteAsync(body.ToJsonString());
    }
}
