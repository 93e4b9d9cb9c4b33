using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Health;
using Verifier.Service.Hosting;
using Verifier.Service.Rpc.Mapping;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Web;

namespace Verifier.Service.Rpc;

/// <summary>Wires and maps the methods.</summary>
internal static class RpcServices
{
    public static WebApplicationBuilder AddRpc(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ErrorInterceptor>();
        builder.Services.AddSingleton<Authorization>();
        builder.Services.AddSingleton<AuthorizationInterceptor>();
        builder.Services.AddSingleton<AdmissionInterceptor>();
        builder.Services.AddSingleton<AdmissionDoor>();
        builder.Services.TryAddSingleton<VerifyAnswers>();
        builder.Services.TryAddSingleton<WatchPlaces>();
        int limit = builder.ReadSettings<ServerOptions>(ServerOptions.Section).MaxRequestBytes;
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = limit;
            options.EnableDetailedErrors = false;
            options.Interceptors.Add<ErrorInterceptor>();
            options.Interceptors.Add<AuthorizationInterceptor>();
            options.Interceptors.Add<AdmissionInterceptor>();
        }).AddServiceOptions<VerifyStreamRpc>(options => options.MaxReceiveMessageSize = 2 * limit)
            .AddServiceOptions<TenantCopyRpc>(options => options.MaxReceiveMessageSize = ChunkedFile.MaxMessageBytes)
            .AddServiceOptions<RegisterIgvmRpc>(options => options.MaxReceiveMessageSize = ChunkedFile.MaxMessageBytes)
            .AddServiceOptions<RegisterFirmwareRpc>(options => options.MaxReceiveMessageSize = ChunkedFile.MaxMessageBytes);
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddGrpcReflection();
        }

        builder.Services.TryAddSingleton<LogMapping>();
        builder.Services.TryAddSingleton<HealthRpc>();
        builder.Services.TryAddSingleton<HealthServiceImpl>(services => services.GetRequiredService<HealthRpc>());
        builder.Services.TryAddSingleton<DependencyHealth>();
        return builder;
    }

    public static WebApplication MapVerifier(this WebApplication app)
    {
        TimeSpan deadline = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.DefaultDeadline;
        RpcMetrics metrics = app.Services.GetRequiredService<RpcMetrics>();
        app.UseMetricsListener();
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<TokenListener>().ServeAsync);
        app.Use(ProbeListener.GuardAsync);
        app.UseWeb();
        app.Use(metrics.MeasureAsync);
        app.Use(app.Services.GetRequiredService<AdmissionDoor>().ServeAsync);
        app.Use(app.Services.GetRequiredService<JsonGate>().ServeAsync);
        app.Use(TransportErrors.DetailAsync);
        app.Use(next => DefaultDeadline.Around(next, deadline));
        app.MapGrpcService<VerifyRpc>();
        app.MapGrpcService<VerifyStreamRpc>();
        app.MapGrpcService<RegistryRpc>();
        app.MapGrpcService<WatchRpc>();
        app.MapGrpcService<RevocationLiftRpc>();
        app.MapGrpcService<PolicyRpc>();
        app.MapGrpcService<RegisterIgvmRpc>();
        app.MapGrpcService<RegisterFirmwareRpc>();
        app.MapGrpcService<LogRpc>();
        app.MapGrpcService<TenantCopyRpc>();
        app.MapGrpcService<IdentityRuleRpc>();
        app.MapGrpcService<TenantRpc>();
        app.MapGrpcService<HealthRpc>();
        if (app.Environment.IsDevelopment())
        {
            app.MapGrpcReflectionService();
        }

        return app;
    }
}
