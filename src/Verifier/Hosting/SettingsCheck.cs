using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace Verifier.Service.Hosting;

/// <summary>
/// Compares what is configured with what there is to configure. A misspelt switch must stop the service, not be ignored, and all
/// faults are told at once.
/// </summary>
internal static class SettingsCheck
{
    // Read by the host and by the libraries themselves; everything else at the top of a file or command line is a mistake.
    private static readonly HashSet<string> HostSections = new(StringComparer.OrdinalIgnoreCase)
    {
        "Logging", "environment", "contentRoot", "applicationName", "hostBuilder",
    };

    // What was there once, with what took its place: whoever upgrades is told more than that it is gone.
    private static readonly Dictionary<string, string> Replaced = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Registry:RegistrarTokenFile"] = "is gone; Identity:AdminTokenFile names a token that may do everything, and rules give rights to identities (docs/identity.md)",
    };

    public static IReadOnlyList<string> Faults(IConfigurationRoot configuration, IReadOnlyList<SettingsSection> sections)
    {
        List<string> faults = [];
        foreach (string name in GivenSections(configuration).Where(n => !IsKnown(n, sections)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            faults.Add($"{Printable(name)}: there is no such section of settings");
        }

        // Also from the environment: a policy that is no longer read must not be believed to be in force.
        if (configuration.GetSection("Policy").Exists())
        {
            faults.Add("Policy: policies are kept in the store and no longer set here; apply one with verifierctl policy apply FILE");
        }

        if (configuration.GetSection("Kestrel").Exists())
        {
            faults.Add("Kestrel: endpoints are set by Server:* only");
        }

        foreach (SettingsSection section in sections)
        {
            Dictionary<string, Setting> known = SettingsSchema.Of(section).ToDictionary(s => s.Key, StringComparer.OrdinalIgnoreCase);
            faults.AddRange(Leaves(configuration.GetSection(section.Name)).Select(leaf => Fault(leaf, known)).OfType<string>());
        }

        return faults;
    }

    // The environment holds much that is not ours, so only files and the command line are held to the list of sections.
    private static IEnumerable<string> GivenSections(IConfigurationRoot configuration) => configuration.Providers
        .Where(p => p is CommandLineConfigurationProvider or JsonConfigurationProvider)
        .SelectMany(p => p.GetChildKeys([], null));

    private static bool IsKnown(string name, IReadOnlyList<SettingsSection> sections) =>
        HostSections.Contains(name)
        || string.Equals(name, "Kestrel", StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, "Policy", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || sections.Any(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    // Whatever was written: each value, and each name without one. A section that nobody wrote is no leaf.
    private static IEnumerable<IConfigurationSection> Leaves(IConfigurationSection section) => section.Value is null ? LeavesBelow(section) : LeavesBelow(section).Prepend(section);

    private static IEnumerable<IConfigurationSection> LeavesBelow(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.Value is null && !child.GetChildren().Any() ? [child] : Leaves(child));

    private static string? Fault(IConfigurationSection leaf, Dictionary<string, Setting> known)
    {
        // Bound as it stands, a null or an empty object would replace the default by nothing: 0, off, or a group that is gone.
        if (leaf.Value is null)
        {
            return $"{Printable(leaf.Path)}: has no value; leave it out to get the default";
        }

        string parent = leaf.Path[..leaf.Path.LastIndexOf(':').AtLeastZero()];
        if (Find(known, leaf.Path) is { } setting)
        {
            // A list written as one empty value means the empty list.
            string key = AsWritten(setting, leaf.Path);
            return setting.IsList
                ? leaf.Value.Length == 0 ? null : $"{key}: is a list; write {key}:0, {key}:1 and so on"
                : Convertible(key, setting.ValueType, leaf.Value);
        }

        return Find(known, parent) is { IsList: true } list && IsIndex(leaf.Key)
            ? Convertible($"{AsWritten(list, parent)}:{leaf.Key}", list.ValueType, leaf.Value)
            : $"{Printable(leaf.Path)}: {Replaced.GetValueOrDefault(leaf.Path, "there is no such setting")}";
    }

    // Settings of a list of groups are known with a letter where a number is written.
    private static Setting? Find(Dictionary<string, Setting> known, string path) => known.GetValueOrDefault(path)
        ?? known.GetValueOrDefault(string.Join(':', path.Split(':').Select(part => IsIndex(part) ? SettingsSchema.AnyIndex : part)));

    // The spelling of the setting, with the numbers of whoever wrote it.
    private static string AsWritten(Setting setting, string path) =>
        string.Join(':', setting.Key.Split(':').Zip(path.Split(':'), (known, written) => known == SettingsSchema.AnyIndex ? written : known));

    private static bool IsIndex(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string? Convertible(string key, Type type, string value)
    {
        if (type == typeof(string))
        {
            return null;
        }

        // A number would bind to an enum member that nobody named.
        bool isEnumNumber = type.IsEnum && !Enum.GetNames(type).Contains(value, StringComparer.OrdinalIgnoreCase);
        return !isEnumNumber && Converts(type, value) ? null : $"{key}: '{Printable(value)}' is not {Name(type)}";
    }

    private static bool Converts(Type type, string value)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Name(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration such as 00:00:10"
        : type == typeof(Uri) ? "an address"
        : "a number in range";

    private static string Printable(string text) =>
        new([.. text.Take(80).Select(c => char.IsAsciiLetterOrDigit(c) || "-_.:/".Contains(c, StringComparison.Ordinal) ? c : '?')]);

    private static int AtLeastZero(this int value) => Math.Max(0, value);
}
