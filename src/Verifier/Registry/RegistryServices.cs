using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Registry;

/// <summary>Wires the registry.</summary>
internal static class RegistryServices
{
    public static WebApplicationBuilder AddRegistry(this WebApplicationBuilder builder)
    {
        builder.AddSettings<RegistryOptions>(RegistryOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>();
        builder.Services.TryAddSingleton<ReferenceValueRegistry>();
        builder.Services.TryAddSingleton<MeasurementReader>();
        builder.Services.TryAddSingleton<Lifts.RevocationLifts>();
        builder.Services.TryAddSingleton<Files.FilePlaces>();
        builder.Services.TryAddSingleton<Files.IgvmRegistrar>();
        return builder;
    }
}
