using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Verifier.Service.Hosting;

/// <summary>Keeps everything but grpc.health.v1 off the plaintext listener that orchestrators probe.</summary>
internal static class ProbeListener
{
    private const string HealthPath = "/grpc.health.v1.Health";

    /// <summary>Marks the connections of a listener.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set<IProbeConnection>(Marker.Instance);
        return next(connection);
    });

    /// <summary>Answers anything but health with 404 on a marked connection.</summary>
    public static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IProbeConnection>() is null || context.Request.Path.StartsWithSegments(HealthPath, StringComparison.Ordinal))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private interface IProbeConnection;

    private sealed class Marker : IProbeConnection
    {
        public static readonly Marker Instance = new();
    }
}
