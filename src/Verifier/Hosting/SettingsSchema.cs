using System.Reflection;

namespace Verifier.Service.Hosting;

/// <summary>A section of the configuration and the options class that it fills.</summary>
internal sealed record SettingsSection(string Name, Type OptionsType);

/// <summary>One setting: its full key, the type of its value, and what holds when it is not given.</summary>
internal sealed record Setting(string Key, Type Type, object? Default)
{
    public bool IsList => ElementType is not null;

    public Type? ElementType => Type == typeof(string) ? null : Type.IsArray ? Type.GetElementType() : ItemOf(Type);

    public Type ValueType => Nullable.GetUnderlyingType(ElementType ?? Type) ?? ElementType ?? Type;

    private static Type? ItemOf(Type type) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}

/// <summary>Reads the settings off the options classes, so that the check at start and the document cannot drift from them.</summary>
internal static class SettingsSchema
{
    /// <summary>Stands for the number in a list of groups: <c>Identity:Issuers:N:Issuer</c>.</summary>
    public const string AnyIndex = "N";

    /// <summary>Every section: an options class names its own in a constant <c>Section</c>.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        .. typeof(SettingsSchema).Assembly.GetTypes()
            .Select(t => (Type: t, Name: t.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string))
            .Where(s => s.Name is not null)
            .Select(s => new SettingsSection(s.Name!, s.Type))
            .OrderBy(s => s.Name, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<Setting> Of(SettingsSection section) =>
        [.. Walk(section.Name, section.OptionsType, Activator.CreateInstance(section.OptionsType))];

    private static IEnumerable<Setting> Walk(string path, Type type, object? defaults)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            string key = $"{path}:{property.Name}";
            object? value = defaults is null ? null : property.GetValue(defaults);
            if (property.PropertyType.IsArray && IsGroup(property.PropertyType.GetElementType()!))
            {
                Type element = property.PropertyType.GetElementType()!;
                foreach (Setting setting in Walk($"{key}:{AnyIndex}", element, Activator.CreateInstance(element)))
                {
                    yield return setting;
                }
            }
            else if (IsGroup(property.PropertyType))
            {
                foreach (Setting setting in Walk(key, property.PropertyType, value ?? Activator.CreateInstance(property.PropertyType)))
                {
                    yield return setting;
                }
            }
            else
            {
                yield return new Setting(key, property.PropertyType, value);
            }
        }
    }

    private static bool IsGroup(Type type) => type.IsClass && type.Assembly == typeof(SettingsSchema).Assembly;
}
