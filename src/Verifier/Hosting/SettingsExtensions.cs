using Microsoft.Extensions.Options;

namespace Verifier.Service.Hosting;

/// <summary>Ties an options class to its section, so that it is checked at start.</summary>
internal static class SettingsExtensions
{
    public static OptionsBuilder<T> AddSettings<T>(this WebApplicationBuilder builder, string section)
        where T : class => builder.Services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();

    /// <summary>The options as configured, for what must be known before the container is built.</summary>
    public static T ReadSettings<T>(this WebApplicationBuilder builder, string section)
        where T : class, new()
    {
        try
        {
            return builder.Configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException)
        {
            // A value of the wrong type; the check before the start names it.
            return new T();
        }
    }
}
