using System.Globalization;
using Verifier.Service.Policies;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Names of policies in requests.</summary>
internal static class PolicyNameMapping
{
    private const string Collection = "/policies/";
    private const int LongestVersion = 18;

    /// <summary><c>tenants/{tenant}/policies/{policy}</c>, with <c>@</c> and a version where that is allowed.</summary>
    public static PolicyName Read(FieldPath path, string value, bool withVersion = false)
    {
        if (value.Length == 0)
        {
            path.Required();
            return default;
        }

        int at = value.IndexOf(Collection, StringComparison.Ordinal);
        string id = at < 0 ? "" : value[(at + Collection.Length)..];
        long? version = null;
        if (withVersion && id.LastIndexOf('@') is > 0 and var mark)
        {
            version = Version(id.AsSpan(mark + 1));
            id = version is null ? "" : id[..mark];
        }

        if (at >= 0 && ReferenceNames.TryParseTenant(value[..at], out string tenant) && ReferenceNames.IsId(id))
        {
            return new PolicyName(tenant, id, version);
        }

        path.Fail(ViolationReasons.WrongFormat, withVersion ? "must be tenants/{tenant}/policies/{policy}, or that with @{version}" : "must be tenants/{tenant}/policies/{policy}");
        return default;
    }

    private static long? Version(ReadOnlySpan<char> text) =>
        text.Length <= LongestVersion && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) && version >= 1 && text[0] != '0' ? version : null;
}
