using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.Client.Input;

namespace Verifier.Client.Online;

/// <summary>
/// Fetches for a bundle what it lacks: chains, revocation lists and VCEKs, politely. Nothing is trusted here; the bundle is verified as a whole.
/// </summary>
internal sealed class KdsDownload : IDisposable
{
    private const int MostTries = 5;
    private const int MaxSize = 64 * 1024;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(120);

    private readonly string _base;
    private readonly HttpClient _http;
    private readonly TimeSpan _spacing;
    private readonly CliContext _context;

    public KdsDownload(string address, FileInfo? authorities, TimeSpan spacing, CliContext context)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            throw CommandFailure.Usage("--kds must be an https address, or http on loopback");
        }

        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        if (authorities is not null)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(InputFile.Read(authorities, MaxSize).Bytes));
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        _http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxSize, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("verifierctl");
        (_base, _spacing, _context) = (address.TrimEnd('/'), spacing, context);
    }

    /// <returns>The bundle with what could be fetched, and what could not.</returns>
    public async Task<(KdsBundle Bundle, IReadOnlyList<string> Missing)> CompleteAsync(KdsBundle given, IReadOnlyList<InventoryChip> chips, CancellationToken cancellation)
    {
        List<AmdCertificate> certificates = [.. given.Certificates];
        List<RevocationList> lists = [.. given.RevocationLists];
        List<string> missing = [];
        foreach (ProductLine product in chips.Select(c => c.Product).Concat(given.Certificates.Select(c => c.Product)).Distinct().Order())
        {
            foreach (KeyKind kind in new[] { KeyKind.Vcek, KeyKind.Vlek })
            {
                await TakeAsync(KdsAddress.CertificateChain(kind, product), isChain: true, certificates, lists, missing, cancellation);
            }

            // Always, since a newer one may be out.
            await TakeAsync(KdsAddress.RevocationList(KeyKind.Vcek, product), isChain: false, certificates, lists, missing, cancellation);
        }

        HashSet<InventoryChip> known = [.. given.Certificates.Select(KdsBundle.ChipOf).OfType<InventoryChip>()];
        InventoryChip[] wanted = [.. chips.Where(c => !known.Contains(c))];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (i > 0)
            {
                await Task.Delay(_spacing, cancellation);
            }

            _context.Error.WriteLine($"{i + 1} of {wanted.Length}: {wanted[i].Product}");
            await TakeAsync(KdsAddress.Vcek(wanted[i].Product, wanted[i].ChipId, wanted[i].Tcb), isChain: false, certificates, lists, missing, cancellation);
        }

        return (KdsBundle.Of(certificates, lists), missing);
    }

    public void Dispose() => _http.Dispose();

    private async Task TakeAsync(
        string path, bool isChain, List<AmdCertificate> certificates, List<RevocationList> lists, List<string> missing, CancellationToken cancellation)
    {
        (byte[]? body, string fault) = await FetchAsync(path, cancellation);
        CertificateBundle? read = body is null ? null : isChain ? CertificateBundle.FromPem(Encoding.Latin1.GetString(body)) : Der(body);
        if (read is null || read.Faults.Count > 0 || read.Certificates.Any(c => c.Role == CertificateRole.Vlek))
        {
            missing.Add($"{path}: {(body is null ? fault : "the answer is not what was asked for")}");
            return;
        }

        certificates.AddRange(read.Certificates);
        lists.AddRange(read.RevocationLists);
    }

    private static CertificateBundle? Der(byte[] body) => CertificateBundle.TryFromFile(body, out CertificateBundle? read, out _) ? read : null;

    private async Task<(byte[]? Body, string Fault)> FetchAsync(string path, CancellationToken cancellation)
    {
        string fault = "";
        for (int attempt = 1; attempt <= MostTries; attempt++)
        {
            TimeSpan pause = _spacing * attempt;
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(_base + path, cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return (await answer.Content.ReadAsByteArrayAsync(cancellation), "");
                }

                fault = $"the key service answered {(int)answer.StatusCode}";
                if (answer.StatusCode == HttpStatusCode.NotFound)
                {
                    return (null, fault);
                }

                pause = answer.Headers.RetryAfter?.Delta is { } demanded && demanded > pause ? demanded : pause;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                fault = $"the key service cannot be reached: {e.Message}";
            }

            if (attempt < MostTries)
            {
                await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellation);
            }
        }

        return (null, fault);
    }
}
