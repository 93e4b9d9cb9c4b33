using SevSnp.Primitives;
using Verifier.Service.Documents;

namespace Verifier.Service.Registry.Lifts;

/// <summary>Lifts revocations, which takes two identities. The store sees to it that a request is approved once, by another, and of a measurement that is revoked.</summary>
internal sealed class RevocationLifts(IDocumentStore documents, IReferenceValueStore references, TimeProvider clock)
{
    private const DocumentKind Kind = DocumentKind.LiftRequest;

    public async Task<LiftOutcome> CreateAsync(string tenant, string id, Digest384 measurement, string reason, ChangeOrder order, CancellationToken cancellation)
    {
        MeasurementEntry entry = await references.FindAsync(tenant, measurement, cancellation);
        if (entry.Tombstone is null)
        {
            return new LiftOutcome.Refused(new DocumentOutcome.NotRevoked());
        }

        byte[] content = LiftCodec.Encode(measurement, reason, order.Actor.Name, approver: "");
        DocumentChange change = new(tenant, Kind, id, DocumentStep.Create, content, null, order.Actor, clock.GetUtcNow()) { Reason = reason, ValidateOnly = order.ValidateOnly };
        return Outcome(await documents.ChangeAsync(change, order.Request, cancellation), entry.Values);
    }

    public async Task<LiftOutcome> ApproveAsync(string tenant, string id, string? etag, ChangeOrder order, CancellationToken cancellation)
    {
        if (await documents.GetAsync(tenant, Kind, id, cancellation) is not { } stored)
        {
            return new LiftOutcome.Refused(new DocumentOutcome.NotFound());
        }

        LiftRequest request = LiftCodec.Decode(stored);
        DateTimeOffset now = clock.GetUtcNow();
        if (request.IsApproved)
        {
            // Whoever approves again, perhaps because an answer was lost, changes nothing, even if the measurement was revoked anew since.
            return request.Approver == order.Actor.Name ? new LiftOutcome.Done(request, []) : new LiftOutcome.WrongState(Expired: false);
        }

        if (request.ExpireTime <= now)
        {
            return new LiftOutcome.WrongState(Expired: true);
        }

        byte[] content = LiftCodec.Encode(request.Measurement, request.Reason, request.Requester, order.Actor.Name);
        DocumentChange change = new(tenant, Kind, id, DocumentStep.Replace, content, etag ?? stored.Etag, order.Actor, now)
        {
            Reason = request.Reason,
            ByAnother = true,
            Lifts = request.Measurement,
            ValidateOnly = order.ValidateOnly,
        };
        DocumentOutcome outcome = await documents.ChangeAsync(change, order.Request, cancellation);
        return Outcome(outcome, outcome is DocumentOutcome.Done ? await MatchingAsync(tenant, request.Measurement, now, cancellation) : []);
    }

    public async Task<LiftRequest?> GetAsync(string tenant, string id, CancellationToken cancellation) =>
        await documents.GetAsync(tenant, Kind, id, cancellation) is { } stored ? LiftCodec.Decode(stored) : null;

    public async Task<IReadOnlyList<LiftRequest>> ListAsync(string tenant, CancellationToken cancellation) =>
        [.. (await documents.ListAsync(tenant, Kind, cancellation)).Select(LiftCodec.Decode)];

    private async Task<IReadOnlyList<StoredReferenceValue>> MatchingAsync(string tenant, Digest384 measurement, DateTimeOffset now, CancellationToken cancellation) =>
        [.. (await references.FindAsync(tenant, measurement, cancellation)).Values.Where(v => v.Value.IsUsable(now))];

    private static LiftOutcome Outcome(DocumentOutcome outcome, IReadOnlyList<StoredReferenceValue> values) => outcome is DocumentOutcome.Done done
        ? new LiftOutcome.Done(LiftCodec.Decode(done.Document), values)
        : new LiftOutcome.Refused(outcome);
}
