using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Tokens;

/// <summary>The issuer's name: the configured one, or on loopback the address of the listener that serves the keys.</summary>
internal sealed class TokenIssuer(IOptions<TokenOptions> options, IOptions<ServerOptions> server)
{
    private volatile ListenOptions? _listener;

    /// <summary>The name. Asked for only where there is one: see <see cref="TokenOptionsValidator"/>.</summary>
    public string Name => options.Value.Issuer ?? $"{(server.Value.Tls.IsConfigured ? "https" : "http")}://{Address}";

    /// <summary>Remembers the listener, which knows its port once it is bound.</summary>
    public void At(ListenOptions listener) => _listener = listener;

    private IPEndPoint Address => _listener?.IPEndPoint ?? new IPEndPoint(Endpoints.Parse(server.Value.Address)!, options.Value.Port ?? 0);
}
