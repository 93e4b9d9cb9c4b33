using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Changes;

/// <summary>The rules of changes to reference values.</summary>
internal static class ChangePlanner
{
    /// <summary>How long an answer is kept for repeats of its request.</summary>
    public static readonly TimeSpan RequestLife = TimeSpan.FromHours(24);

    public static ChangePlan Create(Creation creation, RequestKey? request, Found found)
    {
        if (Repeated(request, found.Recorded) is { } repeated)
        {
            return repeated;
        }

        // Before the question whether the id is taken: that a measurement is revoked is final, a taken id is not.
        if (found.Tombstone is { } tombstone)
        {
            return new ChangePlan.Answer(new ChangeOutcome.MeasurementRevoked(tombstone));
        }

        if (found.Current is not null)
        {
            return new ChangePlan.Answer(new ChangeOutcome.AlreadyExists());
        }

        StoredReferenceValue created = RecordCodec.WithNextEtag(creation.Value with { Etag = "" });
        byte[] body = RecordCodec.Encode(created);
        LogEntry entry = LogEntries.Make(created.Tenant, "create", ReferenceNames.Resource(created.Id), creation.Actor, created.CreateTime, "", default, body);
        return new ChangePlan.Apply(created, body, [], entry) { Near = creation.Near };
    }

    public static ChangePlan ChangeState(StateChange change, RequestKey? request, Found found)
    {
        if (Repeated(request, found.Recorded) is { } repeated)
        {
            return repeated;
        }

        if (found.Current is not { } current)
        {
            return new ChangePlan.Answer(new ChangeOutcome.NotFound());
        }

        if (change.ExpectedEtag is { } etag && etag != current.Etag)
        {
            return new ChangePlan.Answer(new ChangeOutcome.EtagMismatch(current.Etag));
        }

        if (!change.AllowedFrom.Contains(current.Value.State))
        {
            return new ChangePlan.Answer(new ChangeOutcome.WrongState(current.Value.State));
        }

        if (change.ByAnother && current.Registrar == change.Actor.Name)
        {
            return new ChangePlan.Answer(new ChangeOutcome.SameRegistrar());
        }

        // A tombstone would beat the value anyway; saying so now spares whoever activates it a surprise.
        if (change.Target == ReferenceState.Active && found.Tombstone is { } tombstone)
        {
            return new ChangePlan.Answer(new ChangeOutcome.MeasurementRevoked(tombstone));
        }

        return Step(change, current, found.CurrentBytes);
    }

    private static ChangePlan.Apply Step(StateChange change, StoredReferenceValue current, ReadOnlyMemory<byte> currentBytes)
    {
        bool revoke = change.Target == ReferenceState.Revoked;
        StoredReferenceValue changed = RecordCodec.WithNextEtag(current with
        {
            Value = current.Value with { State = change.Target },
            UpdateTime = change.At,
            RevokeReason = revoke ? change.Reason : current.RevokeReason,
        });
        Tombstone[] tombstones = revoke
            ? [.. current.Value.Measurements.Select(m => new Tombstone(m.Digest, change.Reason, current.Value.Name, change.At))]
            : [];
        byte[] body = RecordCodec.Encode(changed);
        LogEntry entry = LogEntries.Make(
            changed.Tenant, Action(change.Target), ReferenceNames.Resource(changed.Id), change.Actor, change.At, change.Reason, currentBytes, body, [.. tombstones.Select(t => t.Measurement)]);
        return new(changed, body, tombstones, entry);
    }

    private static string Action(ReferenceState target) => target switch
    {
        ReferenceState.Active => "activate",
        ReferenceState.Deprecated => "deprecate",
        ReferenceState.Revoked => "revoke",
        _ => throw new ArgumentOutOfRangeException(nameof(target), target, "No step leads to this state."),
    };

    private static ChangePlan.Answer? Repeated(RequestKey? request, RecordedAnswer? recorded) => (request, recorded) switch
    {
        (null, _) or (_, null) => null,
        _ when recorded.Fingerprint == request.Fingerprint && recorded.Answer is { } answer => new(new ChangeOutcome.Done(answer)),
        _ => new(new ChangeOutcome.RequestIdReused()),
    };
}
