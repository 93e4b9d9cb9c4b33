using System.Diagnostics.Metrics;
using System.Reflection;

namespace Verifier.Service.Telemetry;

/// <summary>Which build runs.</summary>
internal sealed class BuildGauges : IGauges
{
    public BuildGauges(IMeterFactory factory) => factory.Create(VerifierMetrics.MeterName).CreateObservableGauge(
        "verifier.build.info",
        () => new Measurement<int>(1, new("version", Version), new("runtime", Environment.Version.ToString())),
        "{build}",
        "Always 1; its labels tell the version of the service and of .NET.");

    /// <summary>As it was built, with what the build adds to the number.</summary>
    public static string Version { get; } = typeof(BuildGauges).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
