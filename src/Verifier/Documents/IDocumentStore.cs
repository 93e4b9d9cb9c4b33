using SevSnp.Primitives;
using Verifier.Service.Registry;

namespace Verifier.Service.Documents;

/// <summary>
/// Named documents of a tenant. Every change is atomic, appends one entry to the tenant's log in the same transaction, and returns once
/// it is durable. Throws as <see cref="IReferenceValueStore"/> does.
/// </summary>
internal interface IDocumentStore
{
    /// <summary>The current version; null when there is none or it is deleted.</summary>
    Task<StoredDocument?> GetAsync(string tenant, DocumentKind kind, string id, CancellationToken cancellation);

    /// <summary>The current versions of several, as <see cref="GetAsync"/>, in the order of the names; each is its own answer, not all of one moment.</summary>
    async Task<IReadOnlyList<StoredDocument?>> GetManyAsync(string tenant, IReadOnlyList<(DocumentKind Kind, string Id)> names, CancellationToken cancellation)
    {
        StoredDocument?[] found = new StoredDocument?[names.Count];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = await GetAsync(tenant, names[i].Kind, names[i].Id, cancellation);
        }

        return found;
    }

    /// <summary>One version, also of a document that is deleted now; null when there is no such version.</summary>
    Task<StoredDocument?> GetVersionAsync(string tenant, DocumentKind kind, string id, long version, CancellationToken cancellation);

    /// <summary>All current ones in the order of their ids: at most <see cref="DocumentLimits.PerKind"/>.</summary>
    Task<IReadOnlyList<StoredDocument>> ListAsync(string tenant, DocumentKind kind, CancellationToken cancellation);

    Task<DocumentOutcome> ChangeAsync(DocumentChange change, RequestKey? request, CancellationToken cancellation);
}

/// <summary>Limits, so that a list is one answer.</summary>
internal static class DocumentLimits
{
    /// <summary>Ids of one kind that a tenant can have, deleted ones included.</summary>
    public const int PerKind = 1000;

    /// <summary>Bytes of one content.</summary>
    public const int ContentBytes = 256 * 1024;
}

/// <summary>What a change does.</summary>
internal enum DocumentStep
{
    /// <summary>There must be none.</summary>
    Create = 0,

    /// <summary>There must be one.</summary>
    Replace = 1,

    /// <summary>Creates or replaces.</summary>
    Put = 2,

    /// <summary>There must be one. Its versions stay readable.</summary>
    Delete = 3,
}

/// <summary>A change of one document; <see cref="Content"/> is empty where it is deleted.</summary>
internal sealed record DocumentChange(
    string Tenant,
    DocumentKind Kind,
    string Id,
    DocumentStep Step,
    ReadOnlyMemory<byte> Content,
    string? ExpectedEtag,
    Actor Actor,
    DateTimeOffset At)
{
    /// <summary>Why, for the log. Empty: not stated.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Says how it would end, and changes nothing.</summary>
    public bool ValidateOnly { get; init; }

    /// <summary>Demands that the current version is of another author.</summary>
    public bool ByAnother { get; init; }

    /// <summary>A revocation that is lifted in the same transaction.</summary>
    public Digest384? Lifts { get; init; }
}

/// <summary>How a change ended.</summary>
internal abstract record DocumentOutcome
{
    private DocumentOutcome()
    {
    }

    /// <summary>Stored and durable, now or by an earlier call with the same request id. Of a deletion: the version that was deleted.</summary>
    public sealed record Done(StoredDocument Document) : DocumentOutcome;

    /// <summary>The id is taken.</summary>
    public sealed record AlreadyExists : DocumentOutcome;

    /// <summary>There is no such document.</summary>
    public sealed record NotFound : DocumentOutcome;

    /// <summary>It was changed since the caller read it.</summary>
    public sealed record EtagMismatch(string CurrentEtag) : DocumentOutcome;

    /// <summary>Its author may not take this step; another must.</summary>
    public sealed record SameAuthor : DocumentOutcome;

    /// <summary>What it would lift is not revoked.</summary>
    public sealed record NotRevoked : DocumentOutcome;

    /// <summary>The tenant has as many of this kind as it may.</summary>
    public sealed record TooMany : DocumentOutcome;

    /// <summary>The request id was used before for something else.</summary>
    public sealed record RequestIdReused : DocumentOutcome;
}
