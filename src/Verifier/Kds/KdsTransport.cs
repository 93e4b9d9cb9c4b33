using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Verifier.Service.Kds;

/// <summary>One GET at the key service. Every way in which the network can fail becomes a reply.</summary>
internal sealed class KdsTransport(HttpClient http, IOptions<KdsOptions> options, TimeProvider clock)
{
    private readonly string _base = options.Value.BaseUrl.TrimEnd('/');

    public async Task<KdsReply> GetAsync(KdsItem item, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _base + item.Path);
        request.Options.Set(BoundedBodyHandler.MaxSize, item.MaxSize);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return await ReadAsync(response, cancellation);
        }
        catch (BodyTooLargeException)
        {
            return new KdsReply(KdsReplyKind.TooLarge, 200);
        }
        catch (BrokenCircuitException)
        {
            return new KdsReply(KdsReplyKind.CircuitOpen, null);
        }
        catch (TimeoutRejectedException)
        {
            return new KdsReply(KdsReplyKind.TimedOut, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new KdsReply(KdsReplyKind.Unreachable, null, Error: ErrorName(e));
        }
    }

    private async Task<KdsReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response.Content.Headers.ContentEncoding.Count > 0
                ? new KdsReply(KdsReplyKind.Encoded, status)
                : new KdsReply(KdsReplyKind.Ok, status, await response.Content.ReadAsByteArrayAsync(cancellation));
        }

        return status switch
        {
            404 => new KdsReply(KdsReplyKind.NotFound, status),
            429 or 503 when status == 429 || response.Headers.RetryAfter is not null => new KdsReply(KdsReplyKind.Throttled, status, RetryAfter: Demanded(response.Headers.RetryAfter)),
            >= 300 and < 400 => new KdsReply(KdsReplyKind.Redirected, status),
            >= 500 => new KdsReply(KdsReplyKind.ServerError, status),
            _ => new KdsReply(KdsReplyKind.Refused, status),
        };
    }

    private TimeSpan? Demanded(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - clock.GetUtcNow());

    // A name from a closed list, not a message: messages carry addresses.
    private static string ErrorName(Exception e) => e is HttpRequestException http ? http.HttpRequestError.ToString() : e.GetType().Name;
}
