using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Telemetry;

/// <summary>
/// The plaintext listener at which Prometheus scrapes: <c>/metrics</c> and nothing else there, and nowhere else. What is told names no guest
/// and no caller, but tenants and how busy they are.
/// </summary>
internal static class MetricsListener
{
    public const string Path = "/metrics";

    /// <summary>Marks the connections of a listener.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set<IMetricsConnection>(Marker.Instance);
        return next(connection);
    });

    public static bool IsAskedBy(HttpContext context) => context.Features.Get<IMetricsConnection>() is not null;

    /// <summary>Answers on marked connections, whatever is asked there. Before routing, so that no method is ever found.</summary>
    public static void UseMetricsListener(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<TelemetryOptions>>().Value.MetricsPort is not null)
        {
            app.MapWhen(IsAskedBy, branch => branch.Use(GuardAsync).UseOpenTelemetryPrometheusScrapingEndpoint(Path));
        }
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!OwnHost.IsNamedBy(context))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        }

        if (context.Request.Path.Value != Path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        return next(context);
    }

    private interface IMetricsConnection;

    private sealed class Marker : IMetricsConnection
    {
        public static readonly Marker Instance = new();
    }
}
