using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Changes;

/// <summary>What a store found before a change of a document: how many of the kind there are counts only where there is none of this id.</summary>
internal sealed record FoundDocument(RecordedAnswer? Recorded, KeptDocument? Current, ReadOnlyMemory<byte> CurrentBytes, int CountOfKind)
{
    /// <summary>Whether what the change lifts is revoked.</summary>
    public bool IsRevoked { get; init; }
}

/// <summary>What a change of a document comes to; see <see cref="ChangePlan"/>.</summary>
internal abstract record DocumentPlan
{
    private DocumentPlan()
    {
    }

    /// <summary>Nothing is written.</summary>
    public sealed record Answer(DocumentOutcome Outcome) : DocumentPlan;

    /// <summary>To be written in one transaction; <see cref="Told"/> is what the caller is told then.</summary>
    public sealed record Apply(KeptDocument Kept, byte[] Body, StoredDocument Told, LogEntry Entry) : DocumentPlan;
}

/// <summary>The rules of changes to documents.</summary>
internal static class DocumentPlanner
{
    public static DocumentPlan Plan(DocumentChange change, RequestKey? request, FoundDocument found)
    {
        if (Repeated(request, found.Recorded) is { } repeated)
        {
            return repeated;
        }

        StoredDocument? current = found.Current is { Deleted: false } kept ? kept.Document : null;
        if (Refusal(change, found, current) is { } refusal)
        {
            return new DocumentPlan.Answer(refusal);
        }

        // Applying what is already there is no change: whoever applies files again and again does not fill the log.
        if (current is not null && change.Step != DocumentStep.Delete && current.Content.Span.SequenceEqual(change.Content.Span))
        {
            return new DocumentPlan.Answer(new DocumentOutcome.Done(current));
        }

        return Step(change, found, current);
    }

    private static DocumentOutcome? Refusal(DocumentChange change, FoundDocument found, StoredDocument? current) => change.Step switch
    {
        DocumentStep.Create when current is not null => new DocumentOutcome.AlreadyExists(),
        DocumentStep.Replace or DocumentStep.Delete when current is null => new DocumentOutcome.NotFound(),
        _ when change.ExpectedEtag is { } etag && etag != (current?.Etag ?? "") => new DocumentOutcome.EtagMismatch(current?.Etag ?? ""),
        _ when change.ByAnother && current?.Author == change.Actor.Name => new DocumentOutcome.SameAuthor(),
        _ when change.Lifts is not null && !found.IsRevoked => new DocumentOutcome.NotRevoked(),
        _ when found.Current is null && found.CountOfKind >= DocumentLimits.PerKind => new DocumentOutcome.TooMany(),
        _ => null,
    };

    private static DocumentPlan.Apply Step(DocumentChange change, FoundDocument found, StoredDocument? current)
    {
        bool delete = change.Step == DocumentStep.Delete;
        KeptDocument next = DocumentCodec.WithNextEtag(new(
            new StoredDocument(
                change.Tenant,
                change.Kind,
                change.Id,
                (found.Current?.Document.Version ?? 0) + 1,
                delete ? default : change.Content,
                change.Actor.Name,
                current?.CreateTime ?? change.At,
                change.At,
                found.Current?.Document.Etag ?? ""),
            delete));
        byte[] body = DocumentCodec.Encode(next);
        string action = delete ? "delete" : current is null ? "create" : change.Lifts is null ? "replace" : "lift";
        LogEntry entry = LogEntries.Make(
            change.Tenant, action, DocumentNames.Resource(change.Kind, change.Id), change.Actor, change.At, change.Reason, found.CurrentBytes, body);
        return new(next, body, delete ? current! : next.Document, change.Lifts is { } lifted ? entry with { Lifted = [lifted.ToString()] } : entry);
    }

    private static DocumentPlan.Answer? Repeated(RequestKey? request, RecordedAnswer? recorded) => (request, recorded) switch
    {
        (null, _) or (_, null) => null,
        _ when recorded.Fingerprint == request.Fingerprint && recorded.Document is { } answer => new(new DocumentOutcome.Done(answer)),
        _ => new(new DocumentOutcome.RequestIdReused()),
    };
}
