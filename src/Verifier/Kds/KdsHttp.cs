using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Verifier.Service.Hosting;

namespace Verifier.Service.Kds;

/// <summary>How the key service is spoken to: the connection, and what happens when it fails.</summary>
internal static class KdsHttp
{
    private const int FailuresBeforeBreak = 5;

    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);

    /// <summary>No redirects, cookies, decompression or environment; nothing is fetched on behalf of a certificate.</summary>
    public static SocketsHttpHandler CreateHandler(KdsOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = 4,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PreAuthenticate = false,
        UseProxy = options.Proxy is not null,
        Proxy = options.Proxy is { } proxy ? new WebProxy(proxy) : null,
        SslOptions =
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = AuthorityFile.ServerPolicy(options.CaFile),
        },
    };

    /// <summary>
    /// Outermost first: the circuit opens for 10 s after five fetches in a row failed; one fetch with its repeat has the total time;
    /// one repeat, and only of what may be a passing fault of the network, or of the server where requests are not spaced.
    /// </summary>
    public static void AddResilience(ResiliencePipelineBuilder<HttpResponseMessage> builder, KdsOptions options)
    {
        builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 1,
                MinimumThroughput = FailuresBeforeBreak,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = Break,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is TimeoutRejectedException or HttpRequestException || IsTransient(args.Outcome)),
            })
            .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.TotalTimeout })
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.FromMilliseconds(200),
                UseJitter = true,
                // A request that was answered has used up its turn.
                ShouldHandle = args => ValueTask.FromResult(IsTransient(args.Outcome) && (args.Outcome.Result is null || options.Spacing == TimeSpan.Zero)),
            });
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError } or IOException
        || outcome.Result is { StatusCode: >= HttpStatusCode.InternalServerError, Headers.RetryAfter: null };
}
