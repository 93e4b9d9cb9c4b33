using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Names of tenants and resources in requests.</summary>
internal static class NameMapping
{
    private const string IdRule = "1 to 63 of [a-z0-9-], beginning and ending with a letter or digit";

    /// <summary>A bare tenant; empty means the default one.</summary>
    public static string Tenant(FieldPath path, string value)
    {
        if (value.Length == 0 || ReferenceNames.IsId(value))
        {
            return value.Length == 0 ? ReferenceNames.DefaultTenant : value;
        }

        path.Fail(ViolationReasons.WrongFormat, $"must be {IdRule}");
        return ReferenceNames.DefaultTenant;
    }

    /// <summary><c>tenants/{tenant}</c>; empty means the default one.</summary>
    public static string Parent(FieldPath path, string value)
    {
        if (value.Length == 0)
        {
            return ReferenceNames.DefaultTenant;
        }

        if (!ReferenceNames.TryParseTenant(value, out string tenant))
        {
            path.Fail(ViolationReasons.WrongFormat, "must be tenants/{tenant}");
            return ReferenceNames.DefaultTenant;
        }

        return tenant;
    }

    public static ReferenceName Reference(FieldPath path, string value)
    {
        if (value.Length == 0)
        {
            path.Required();
        }
        else if (ReferenceNames.TryParse(value, out ReferenceName name))
        {
            return name;
        }
        else
        {
            path.Fail(ViolationReasons.WrongFormat, "must be tenants/{tenant}/referenceValues/{reference_value}");
        }

        return default;
    }

    /// <summary><c>tenants/{tenant}/{collection}/{id}</c>; empty ids where it is not.</summary>
    public static (string Tenant, string Id) Resource(FieldPath path, string value, string collection, string what)
    {
        if (value.Length == 0)
        {
            path.Required();
        }
        else if (value.Split('/') is ["tenants", var tenant, var found, var id] && found == collection && ReferenceNames.IsId(tenant) && ReferenceNames.IsId(id))
        {
            return (tenant, id);
        }
        else
        {
            path.Fail(ViolationReasons.WrongFormat, $"must be tenants/{{tenant}}/{collection}/{{{what}}}");
        }

        return ("", "");
    }

    public static string Id(FieldPath path, string value)
    {
        if (value.Length == 0)
        {
            path.Required();
        }
        else if (!ReferenceNames.IsId(value))
        {
            path.Fail(ViolationReasons.WrongFormat, $"must be {IdRule}");
        }

        return value;
    }

    /// <summary>
    /// Tenant and, of a resource, id in a name of whatever collection, for the question who may ask. A name without a readable tenant counts
    /// as one of the default tenant; the method then refuses it for its form.
    /// </summary>
    public static RequestScope ScopeOf(string name)
    {
        string[] parts = name.Split('/', 5);
        return parts is ["tenants", var tenant, ..] && ReferenceNames.IsId(tenant)
            ? new RequestScope(tenant, parts is [_, _, _, var id] ? id : null)
            : new RequestScope(ReferenceNames.DefaultTenant, null);
    }
}
