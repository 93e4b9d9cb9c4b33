using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Rpc;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Web;

/// <summary>
/// What is served where: JSON and gRPC-Web on their own listener alone, native gRPC everywhere but there, and on that listener nothing
/// to a browser whose page comes from elsewhere than was configured.
/// </summary>
internal sealed class WebListener(IOptions<WebOptions> options)
{
    private const string JsonRoot = "/v1";
    private const string ContractRoot = "/verifier.v1.";

    private readonly HashSet<string> _origins = new(options.Value.AllowedOrigins, StringComparer.Ordinal);

    /// <summary>Marks the connections of a listener.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set<IWebConnection>(Marker.Instance);
        return next(connection);
    });

    public static bool IsWeb(HttpContext context) => context.Features.Get<IWebConnection>() is not null;

    /// <summary>Whether a request is for JSON, be there a method behind its path or not. Case is of no account, as it is for routing.</summary>
    public static bool IsJson(HttpContext context) => context.Request.Path.StartsWithSegments(JsonRoot, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets through what belongs to the listener that it came by.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        bool isJson = IsJson(context);
        if (!IsWeb(context))
        {
            return isJson ? NotFound(context) : next(context);
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (!OwnHost.IsNamedBy(context))
        {
            return JsonAnswer.WriteAsync(context, StatusCodes.Status421MisdirectedRequest, RpcErrors.Plain(
                StatusCode.PermissionDenied, ErrorReasons.HostNotAllowed, "a service on loopback without TLS answers under localhost or a loopback address only"));
        }

        // Browsers show a client certificate by themselves, so a page of somebody else's must not even be able to send.
        if (!IsOfOwnPage(context.Request.Headers))
        {
            return JsonAnswer.WriteAsync(context, StatusCodes.Status403Forbidden, RpcErrors.Plain(
                StatusCode.PermissionDenied, ErrorReasons.OriginNotAllowed, "pages of this origin may not call; Web:AllowedOrigins names those that may"));
        }

        if (isJson)
        {
            return next(context);
        }

        if (!context.Request.Path.Value!.StartsWith(ContractRoot, StringComparison.Ordinal))
        {
            return NotFound(context);
        }

        string type = context.Request.ContentType ?? "";
        return type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase)
            ? TransportErrors.RefuseAsync(context, RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.MethodUnknown, "gRPC is not served on this port, but gRPC-Web and JSON"))
            : next(context);
    }

    // Some requests of browsers come without an origin, and then say at least whether another site's page made them.
    private bool IsOfOwnPage(IHeaderDictionary headers) => headers.Origin is { Count: > 0 } origin
        ? origin.Count == 1 && _origins.Contains(origin[0]!)
        : headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private interface IWebConnection;

    private sealed class Marker : IWebConnection
    {
        public static readonly Marker Instance = new();
    }
}
