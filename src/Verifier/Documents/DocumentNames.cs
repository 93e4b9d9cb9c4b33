namespace Verifier.Service.Documents;

/// <summary>Names of resources within a tenant, as the log and the interface have them: <c>policies/default</c>.</summary>
internal static class DocumentNames
{
    public static string Collection(DocumentKind kind) => kind switch
    {
        DocumentKind.Policy => "policies",
        DocumentKind.IdentityRule => "identityRules",
        DocumentKind.Settings => "settings",
        DocumentKind.LiftRequest => "liftRequests",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind is stored."),
    };

    /// <summary>The kind of a collection; null for that of the reference values.</summary>
    public static DocumentKind? KindOf(string collection) => collection switch
    {
        "policies" => DocumentKind.Policy,
        "identityRules" => DocumentKind.IdentityRule,
        "settings" => DocumentKind.Settings,
        "liftRequests" => DocumentKind.LiftRequest,
        "referenceValues" => null,
        _ => throw new ArgumentOutOfRangeException(nameof(collection), collection, "No such collection is stored."),
    };

    public static string Resource(DocumentKind kind, string id) => $"{Collection(kind)}/{id}";
}
