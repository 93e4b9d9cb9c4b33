using Microsoft.Extensions.Options;
using Verifier.Service.Admission;
using Verifier.Service.Challenges;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Admin;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Pipeline;
using Verifier.Service.Registry;
using Verifier.Service.Rpc;
using Verifier.Service.Storage;
using Verifier.Service.Telemetry;
using Verifier.Service.Tokens;
using Verifier.Service.Usage;
using Verifier.Service.Web;

namespace Verifier.Service.Hosting;

/// <summary>Builds the whole service. Tests build the same one and replace single parts.</summary>
internal static class VerifierApp
{
    // Noisy at their usual level, and they repeat what our own line of each verdict tells. A lower level can be configured.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Grpc"] = "Warning",

        // Would tell every message that does not parse as an error; what matters is told by our own interceptor.
        ["Logging:LogLevel:Grpc.AspNetCore.Server.ServerCallHandler"] = "None",
        // The same of JSON, whose outcomes are ours too.
        ["Logging:LogLevel:Grpc.AspNetCore.Grpc.JsonTranscoding.ServerCallHandler"] = "None",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
    };

    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="args">Settings, <c>--Section:Key=value</c>.</param>
    /// <returns>0.</returns>
    /// <exception cref="ConfigurationFaultException">It must not start as it is configured.</exception>
    public static async Task<int> RunAsync(string[] args)
    {
        await using WebApplication app = Create(args);
        await app.RunAsync();
        return 0;
    }

    /// <summary>Builds the service.</summary>
    /// <param name="args">Settings, <c>--Section:Key=value</c>.</param>
    /// <param name="configure">Replaces parts; called last.</param>
    /// <returns>The service, not started.</returns>
    /// <exception cref="ConfigurationFaultException">It must not start as it is configured.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = Configured(args);
        builder.AddHosting().AddTelemetry().AddAdmission().AddStorage().AddLog().AddKds().AddIdentity().AddRegistry().AddChallenges().AddUsage().AddTokens().AddVerification().AddRpc().AddWeb();
        configure?.Invoke(builder);
        DemandKnownSettings(builder);
        WebApplication app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();

        // Files that options name are read now, not with the first call.
        _ = app.Services.GetRequiredService<AdminToken>();
        DataDirectory.DemandWritable(app.Services.GetRequiredService<IOptions<StoreOptions>>().Value);
        _ = app.Services.GetRequiredService<TokenKeys>();
        _ = app.Services.GetRequiredService<VerificationPipeline>();
        app.Services.LoadKdsFiles();
        return app.MapVerifier();
    }

    /// <summary>Where a service with these settings listens; nothing else of it is looked at.</summary>
    /// <exception cref="ConfigurationFaultException">A setting does not exist or is of the wrong kind.</exception>
    public static ServerOptions ReadServerOptions(string[] args)
    {
        WebApplicationBuilder builder = Configured(args);
        DemandKnownSettings(builder);
        return builder.ReadSettings<ServerOptions>(ServerOptions.Section);
    }

    private static WebApplicationBuilder Configured(string[] args)
    {
        if (ServiceArguments.Faults(args) is { Count: > 0 } wrong)
        {
            throw new ConfigurationFaultException(wrong);
        }

        // Without this, the host would watch the whole working directory for changes of its settings.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = Defaults });
        return builder;
    }

    private static void DemandKnownSettings(WebApplicationBuilder builder)
    {
        IReadOnlyList<string> faults = SettingsCheck.Faults(builder.Configuration, SettingsSchema.Sections);
        if (faults.Count > 0)
        {
            throw new ConfigurationFaultException(faults);
        }
    }
}
