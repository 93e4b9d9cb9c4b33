using System.Reflection;

namespace Verifier.Service.Hosting;

/// <summary>Which build this is.</summary>
internal static class ServiceVersion
{
    /// <summary>The version, and behind a plus sign the commit, where it was known when this was built: <c>0.1.0+7d2af75e...</c>.</summary>
    public static string Text { get; } =
        typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
