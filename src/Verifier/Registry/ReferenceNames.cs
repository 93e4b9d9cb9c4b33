namespace Verifier.Service.Registry;

/// <summary>A tenant's name and resource names, <c>tenants/{tenant}/referenceValues/{reference_value}</c>.</summary>
internal static class ReferenceNames
{
    /// <summary>The tenant that exists from the start.</summary>
    public const string DefaultTenant = "default";

    /// <summary>Beginning of the names of reference values within a tenant, as the log has them.</summary>
    public const string ResourcePrefix = "referenceValues/";

    private const string Tenants = "tenants/";
    private const string Collection = "/referenceValues/";

    public static string Format(string tenant, string id) => $"{Tenants}{tenant}{Collection}{id}";

    /// <summary>The name within the tenant, as the log has it.</summary>
    public static string Resource(string id) => ResourcePrefix + id;

    /// <summary>1 to 63 of <c>[a-z0-9-]</c>, beginning and ending with a letter or digit.</summary>
    public static bool IsId(ReadOnlySpan<char> text) =>
        text.Length is >= 1 and <= 63 && IsAlphanumeric(text[0]) && IsAlphanumeric(text[^1]) && IsAll(text, c => IsAlphanumeric(c) || c == '-');

    /// <summary>Reads <c>tenants/{tenant}</c>.</summary>
    public static bool TryParseTenant(string text, out string tenant)
    {
        tenant = text.StartsWith(Tenants, StringComparison.Ordinal) ? text[Tenants.Length..] : "";
        return IsId(tenant);
    }

    /// <summary>Reads a resource name.</summary>
    public static bool TryParse(string text, out ReferenceName name)
    {
        name = default;
        int at = text.IndexOf(Collection, StringComparison.Ordinal);
        if (at < 0 || !TryParseTenant(text[..at], out string tenant) || !IsId(text.AsSpan(at + Collection.Length)))
        {
            return false;
        }

        name = new ReferenceName(tenant, text[(at + Collection.Length)..]);
        return true;
    }

    public static bool IsAll(ReadOnlySpan<char> text, Func<char, bool> allowed)
    {
        foreach (char c in text)
        {
            if (!allowed(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsAlphanumeric(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9';
}

/// <summary>Names one reference value.</summary>
internal readonly record struct ReferenceName(string Tenant, string Id)
{
    public override string ToString() => ReferenceNames.Format(Tenant, Id);
}
