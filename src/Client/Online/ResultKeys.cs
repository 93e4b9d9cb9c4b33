using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Verifier.Client.Input;
using Verifier.Client.Options;

namespace Verifier.Client.Online;

/// <summary>The keys that results are checked with, from a file or from where the issuer publishes them.</summary>
internal static class ResultKeys
{
    private const int MaxSize = 64 * 1024;

    public static async Task<JsonWebKeySet> ReadAsync(ResultInput result, ServerInput server, CancellationToken cancellation)
    {
        string source = result.KeysFile?.ToString() ?? result.KeysAddress!.ToString();
        string text = result.KeysFile is { } file
            ? Encoding.UTF8.GetString(InputFile.Read(file, MaxSize).Bytes)
            : await FetchAsync(result.KeysAddress!, server, cancellation);
        return Parse(source, text);
    }

    /// <summary>Reads a set of keys (RFC 7517).</summary>
    /// <exception cref="CommandFailure">It is none, or empty.</exception>
    public static JsonWebKeySet Parse(string source, string text)
    {
        try
        {
            JsonWebKeySet keys = new(text);
            return keys.Keys.Count > 0 ? keys : throw CommandFailure.Usage($"{source}: holds no key");
        }
        catch (ArgumentException)
        {
            throw CommandFailure.Usage($"{source}: not a set of keys (JWKS)");
        }
    }

    private static async Task<string> FetchAsync(Uri address, ServerInput server, CancellationToken cancellation)
    {
        using SocketsHttpHandler handler = new() { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = server.Timeout };
        if (server.CertificateAuthorities is { } authorities)
        {
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(ServiceConnection.Trusted(authorities));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        using HttpClient http = new(handler) { Timeout = server.Timeout, MaxResponseContentBufferSize = MaxSize };
        try
        {
            return await http.GetStringAsync(address, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Outage, $"{address}: the keys of results cannot be fetched: {e.Message}", "give them as a file with --jwks");
        }
    }
}
