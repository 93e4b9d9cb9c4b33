using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Verifier.TestKit.Kds;

/// <summary>
/// A stand-in for AMD's key distribution service: a real HTTP or HTTPS server on loopback that serves what was published, counts
/// requests per path, and misbehaves on demand.
/// </summary>
public sealed class FakeKds : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _published = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private volatile Misbehaviour[] _misbehaviours = [];

    private FakeKds(WebApplication app) => _app = app;

    /// <summary>Where it listens, for <c>Kds:BaseUrl</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Requests of any path since the start or the last <see cref="ResetCounts"/>.</summary>
    public int TotalRequests => _requests.Values.Sum();

    /// <summary>Every path and query that was asked for.</summary>
    public IReadOnlyCollection<string> RequestedPaths => [.. _requests.Keys];

    /// <summary>Starts a server on a free loopback port.</summary>
    /// <param name="certificate">The TLS certificate, or null for plain HTTP. The address then names <c>localhost</c>.</param>
    /// <returns>The running server.</returns>
    public static async Task<FakeKds> StartAsync(X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            // Misbehaving answers may be slow or larger than the client accepts.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });

        WebApplication app = builder.Build();
        FakeKds kds = new(app);
        app.Run(kds.AnswerAsync);
        await app.StartAsync();
        IServerAddressesFeature addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        UriBuilder address = new(addresses.Addresses.Single());
        if (certificate is not null)
        {
            address.Host = "localhost";
        }

        kds.BaseAddress = address.Uri;
        return kds;
    }

    /// <summary>Serves bytes at a path and query.</summary>
    /// <param name="pathAndQuery">Exactly as the client asks for it.</param>
    /// <param name="body">The answer.</param>
    public void Publish(string pathAndQuery, ReadOnlyMemory<byte> body) => _published[pathAndQuery] = body.ToArray();

    /// <summary>Requests of one path and query.</summary>
    /// <param name="pathAndQuery">Exactly as the client asks for it.</param>
    /// <returns>The number.</returns>
    public int RequestsOf(string pathAndQuery) => _requests.GetValueOrDefault(pathAndQuery);

    /// <summary>Forgets the counts.</summary>
    public void ResetCounts() => _requests.Clear();

    /// <summary>Misbehaves from now on, for every path that contains a text; the last rule that fits wins.</summary>
    /// <param name="behaviour">How.</param>
    /// <param name="pathContains">For example <c>/crl</c>; empty for every path.</param>
    public void Misbehave(KdsBehaviour behaviour, string pathContains = "") =>
        _misbehaviours = [new Misbehaviour(pathContains, behaviour), .. _misbehaviours];

    /// <summary>Answers genuinely again.</summary>
    public void Behave() => _misbehaviours = [];

    /// <summary>Vanishes: open connections are cut and new ones refused.</summary>
    /// <returns>When it is gone.</returns>
    public async Task StopAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        string path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _requests.AddOrUpdate(path, 1, static (_, count) => count + 1);
        _published.TryGetValue(path, out byte[]? genuine);
        KdsBehaviour behaviour = Array.Find(_misbehaviours, m => path.Contains(m.PathContains, StringComparison.Ordinal))?.Behaviour ?? KdsBehaviours.Genuine;
        return behaviour(context, genuine);
    }

    private sealed record Misbehaviour(string PathContains, KdsBehaviour Behaviour);
}

/// <summary>One way to answer a request.</summary>
/// <param name="context">The request and its response.</param>
/// <param name="genuine">What was published at that path, or null.</param>
/// <returns>When the answer is complete.</returns>
public delegate Task KdsBehaviour(HttpContext context, byte[]? genuine);
