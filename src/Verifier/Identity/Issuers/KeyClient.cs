using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Verifier.Service.Hosting;
using Verifier.Service.Identity.Bearer;

namespace Verifier.Service.Identity.Issuers;

/// <summary>Fetches an issuer's keys: from where the configuration says, else from where the issuer's own discovery document says.</summary>
/// <param name="options">Whose keys.</param>
/// <param name="patience">Longest time for a fetch and for its connection; null: 3 s and 1 s.</param>
internal sealed class KeyClient(IssuerOptions options, TimeSpan? patience = null) : IKeySource, IDisposable
{
    private const int LargestDiscovery = 64 << 10;
    private const int LargestKeySet = 256 << 10;

    private readonly TimeSpan _total = patience ?? TimeSpan.FromSeconds(3);
    private readonly HttpClient _http = new(CreateHandler(options, patience ?? TimeSpan.FromSeconds(1))) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    public async Task<KeyFetch> FetchAsync()
    {
        // The time of the network, not of the service's clock, which may stand still.
        using CancellationTokenSource late = new(_total);
        try
        {
            string? address = options.JwksUri ?? await DiscoverAsync(late.Token);
            return address is null ? KeyFetch.Failed("DiscoveryMalformed")
                : !IssuerAddress.IsFetchable(address) ? KeyFetch.Failed("AddressNotAllowed")
                : KeySet.TryParse(await GetAsync(address, LargestKeySet, late.Token)) is { } keys ? new KeyFetch(keys, "")
                : KeyFetch.Failed("KeysMalformed");
        }
        catch (UnfitAnswerException e)
        {
            return KeyFetch.Failed(e.Message);
        }
        catch (OperationCanceledException)
        {
            return KeyFetch.Failed("TimedOut");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return KeyFetch.Failed(e is HttpRequestException http ? http.HttpRequestError.ToString() : e.GetType().Name);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> DiscoverAsync(CancellationToken cancellation)
    {
        byte[] document = await GetAsync(options.Issuer!.TrimEnd('/') + "/.well-known/openid-configuration", LargestDiscovery, cancellation);
        return StrictJson.TryParseObject(document, out JsonElement root) && StrictJson.Text(root, "issuer") == options.Issuer
            ? StrictJson.Text(root, "jwks_uri")
            : null;
    }

    private async Task<byte[]> GetAsync(string address, int limit, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentEncoding.Count > 0)
        {
            throw new UnfitAnswerException($"Status{(int)response.StatusCode}");
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[limit + 1];
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= limit ? buffer[..length] : throw new UnfitAnswerException("TooLarge");
    }

    // No redirects: where an answer comes from is decided by configuration and by the issuer's own document.
    private static SocketsHttpHandler CreateHandler(IssuerOptions options, TimeSpan connectTimeout) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = connectTimeout,
        MaxConnectionsPerServer = 2,
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

    private sealed class UnfitAnswerException(string fault) : Exception(fault);
}
