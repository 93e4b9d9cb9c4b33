using Verifier.Service.Registry;

namespace Verifier.Service.Documents;

/// <summary>Kinds of a tenant's named documents. Reference values are none of them: those are found by measurement.</summary>
internal enum DocumentKind
{
    /// <summary>Never stored.</summary>
    Unspecified = 0,

    /// <summary>A policy.</summary>
    Policy = 1,

    /// <summary>A rule that gives rights to identities.</summary>
    IdentityRule = 2,

    /// <summary>The tenant's settings; the only id is <see cref="DocumentIds.Settings"/>.</summary>
    Settings = 3,

    /// <summary>A request to lift a revocation.</summary>
    LiftRequest = 4,
}

/// <summary>Fixed ids.</summary>
internal static class DocumentIds
{
    public const string Settings = "settings";
}

/// <summary>
/// One version of a document. Versions count from 1 for each id and go on after a deletion. <see cref="Content"/> is one JSON object in
/// UTF-8, of which only the room that owns the kind knows the members.
/// </summary>
internal sealed record StoredDocument(
    string Tenant,
    DocumentKind Kind,
    string Id,
    long Version,
    ReadOnlyMemory<byte> Content,
    string Author,
    DateTimeOffset CreateTime,
    DateTimeOffset UpdateTime,
    string Etag)
{
    /// <summary>How it is stored, where it was read from the store.</summary>
    public StoredForm Form { get; init; }
}
