using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Admission;

/// <summary>Wires what decides how much is taken on.</summary>
internal static class AdmissionServices
{
    public static WebApplicationBuilder AddAdmission(this WebApplicationBuilder builder)
    {
        builder.AddSettings<AdmissionOptions>(AdmissionOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<AdmissionOptions>, AdmissionOptionsValidator>();
        builder.Services.TryAddSingleton<AdmissionMetrics>();
        builder.Services.AddSingleton<IStartsAtZero>(s => s.GetRequiredService<AdmissionMetrics>());
        builder.Services.TryAddSingleton<WorkPlaces>();
        builder.Services.TryAddSingleton<AdmissionGate>();
        builder.Services.TryAddSingleton<KnownCallers>();
        builder.Services.AddSingleton<IGauges, AdmissionGauges>();
        return builder;
    }
}
