using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Tokens;

/// <summary>
/// Serves the keys and the discovery document on a listener of their own, and nothing else there; elsewhere they are not to be had.
/// </summary>
internal sealed class TokenListener(TokenKeys keys, TokenIssuer issuer, IOptions<TokenOptions> options)
{
    public const string DiscoveryPath = "/.well-known/openid-configuration";
    public const string KeysPath = "/.well-known/jwks.json";

    // Half the delay: who keeps the keys for so long has each new one before it signs.
    private readonly string _caching = $"public, max-age={(int)Math.Min(options.Value.ActivationDelay.TotalSeconds / 2, 300)}";

    /// <summary>Marks the connections of a listener.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set<ITokenConnection>(Marker.Instance);
        return next(connection);
    });

    /// <summary>Answers on marked connections, whatever is asked there.</summary>
    public Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<ITokenConnection>() is null)
        {
            return next(context);
        }

        HttpResponse response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        (string Type, byte[] Body)? found = context.Request.Path.Value switch
        {
            DiscoveryPath => ("application/json", KeyDocuments.Discovery(issuer.Name)),
            KeysPath => ("application/jwk-set+json", KeyDocuments.Keys(keys.Published)),
            _ => null,
        };
        if (found is not { } document)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        bool isHead = HttpMethods.IsHead(context.Request.Method);
        if (!isHead && !HttpMethods.IsGet(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        response.ContentType = document.Type;
        response.ContentLength = document.Body.Length;
        response.Headers.CacheControl = _caching;
        return isHead ? Task.CompletedTask : response.Body.WriteAsync(document.Body, context.RequestAborted).AsTask();
    }

    private interface ITokenConnection;

    private sealed class Marker : ITokenConnection
    {
        public static readonly Marker Instance = new();
    }
}
