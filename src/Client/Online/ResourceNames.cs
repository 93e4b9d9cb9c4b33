namespace Verifier.Client.Online;

/// <summary>Resource names, so that the user need type no more than an id.</summary>
internal static class ResourceNames
{
    public const string DefaultTenant = "default";

    public static string Parent(string? tenant) => $"tenants/{tenant ?? DefaultTenant}";

    /// <summary>The full name; what is one already stays as it is.</summary>
    /// <exception cref="CommandFailure">The name is one of another tenant than the stated one.</exception>
    public static string Of(string? tenant, string id) => Of(tenant, "referenceValues", id);

    /// <summary>As <see cref="Of(string?, string)"/>, of a request to lift a revocation.</summary>
    public static string OfLift(string? tenant, string id) => Of(tenant, "liftRequests", id);

    private static string Of(string? tenant, string collection, string id)
    {
        if (!id.StartsWith("tenants/", StringComparison.Ordinal))
        {
            return $"{Parent(tenant)}/{collection}/{id}";
        }

        return tenant is null || id.StartsWith($"{Parent(tenant)}/", StringComparison.Ordinal) ? id : throw CommandFailure.Usage($"{id} is not of the tenant that --tenant names");
    }

    /// <summary>The id at the end of a name.</summary>
    public static string Id(string name) => name[(name.LastIndexOf('/') + 1)..];
}
