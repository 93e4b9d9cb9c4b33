namespace Verifier.Client.Commands;

/// <summary>Resource names, so that the user need type no more than an id.</summary>
internal static class RegistryNames
{
    public const string DefaultTenant = "default";

    public static string Parent(string? tenant) => $"tenants/{tenant ?? DefaultTenant}";

    /// <summary>The full name; what is one already stays as it is.</summary>
    public static string Of(string? tenant, string id) => id.StartsWith("tenants/", StringComparison.Ordinal) ? id : $"{Parent(tenant)}/referenceValues/{id}";

    /// <summary>The id at the end of a name.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];
}
