using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Web;

/// <summary>Wires JSON and gRPC-Web. Without <c>Web:Port</c> there is neither.</summary>
internal static class WebServices
{
    // What calls carry, and what answers do that pages need to read.
    private static readonly string[] RequestHeaders = ["authorization", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent"];
    private static readonly string[] ResponseHeaders = ["grpc-status", "grpc-message", "grpc-status-details-bin"];
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static WebApplicationBuilder AddWeb(this WebApplicationBuilder builder)
    {
        builder.AddSettings<WebOptions>(WebOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        builder.Services.AddSingleton<WebListener>();
        builder.Services.AddSingleton<JsonGate>();
        builder.Services.AddSingleton<JsonOutcome>();
        builder.Services.AddCors();
        if (builder.ReadSettings<WebOptions>(WebOptions.Section).Port is not null)
        {
            builder.Services.AddGrpc().AddJsonTranscoding(options => options.TypeRegistry = JsonAnswer.DetailTypes);
        }

        return builder;
    }

    /// <summary>Where requests come in: each listener serves its own.</summary>
    public static WebApplication UseWeb(this WebApplication app)
    {
        string[] origins = app.Services.GetRequiredService<IOptions<WebOptions>>().Value.AllowedOrigins;
        app.Use(app.Services.GetRequiredService<WebListener>().GuardAsync);
        app.UseWhen(WebListener.IsWeb, web =>
        {
            // Credentials of a browser are never asked for, only tokens that a page has by itself.
            web.UseCors(policy => policy
                .WithOrigins(origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
                .WithHeaders(RequestHeaders)
                .WithExposedHeaders(ResponseHeaders)
                .SetPreflightMaxAge(PreflightAge)
                .DisallowCredentials());
            web.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        });
        return app;
    }
}
