using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry;

/// <summary>A reference value as its registrar states it.</summary>
internal sealed record ReferenceValueDraft(ReferenceName Name, ReferenceValue Value, Provenance Provenance);

/// <summary>Who wants a change, and how: with a request id or without, made or only tried.</summary>
internal sealed record ChangeOrder(Actor Actor, RequestKey? Request, bool ValidateOnly)
{
    /// <summary>Beginnings of the ids that the actor is bound to; null where it is bound to none.</summary>
    public IReadOnlyList<string>? IdPrefixes { get; init; }
}

/// <summary>Tells whether what one identity of a tenant registers must be activated by another.</summary>
internal interface IApprovalRule
{
    Task<bool> DemandsApprovalAsync(string tenant, CancellationToken cancellation);
}

/// <summary>The registry's rules: which steps a life has, what is set by the service and never by the caller. The store makes each change durable.</summary>
internal sealed class ReferenceValueRegistry(IReferenceValueStore store, IApprovalRule approval, TimeProvider clock, ILogger<ReferenceValueRegistry> logger)
{
    private static readonly HashSet<ReferenceState> ActivatedFrom = [ReferenceState.Pending, ReferenceState.Deprecated];
    private static readonly HashSet<ReferenceState> DeprecatedFrom = [ReferenceState.Active];
    private static readonly HashSet<ReferenceState> RevokedFrom = [ReferenceState.Pending, ReferenceState.Active, ReferenceState.Deprecated];

    public Task<ChangeOutcome> CreateAsync(ReferenceValueDraft draft, ChangeOrder order, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Asserted, null, [], order, cancellation);

    /// <summary>For digests that the service computed from the launched file itself.</summary>
    public Task<ChangeOutcome> CreateComputedAsync(
        ReferenceValueDraft draft, LaunchedFile file, IReadOnlyList<NearVariant> near, ChangeOrder order, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Computed, file, near, order, cancellation);

    /// <summary>For the measurement of a report that the service has authenticated itself.</summary>
    public Task<ChangeOutcome> CreateObservedAsync(ReferenceValueDraft draft, ChangeOrder order, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Observed, null, [], order, cancellation);

    private async Task<ChangeOutcome> CreateAsync(
        ReferenceValueDraft draft, ReferenceOrigin origin, LaunchedFile? file, IReadOnlyList<NearVariant> near, ChangeOrder order, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool waits = origin == ReferenceOrigin.Observed || await approval.DemandsApprovalAsync(draft.Name.Tenant, cancellation);
        ReferenceState state = waits ? ReferenceState.Pending : ReferenceState.Active;
        ReferenceValue value = draft.Value with { Name = draft.Name.ToString(), State = state, Origin = origin };
        StoredReferenceValue stored = new(draft.Name.Tenant, draft.Name.Id, value, draft.Provenance, order.Actor.Name, now, now, Etag: "", RevokeReason: "") { File = file };
        Creation creation = new(stored, order.Actor) { Near = near, ValidateOnly = order.ValidateOnly };
        return Logged("create", draft.Name, order, await store.CreateAsync(creation, order.Request, cancellation));
    }

    public Task<StoredReferenceValue?> GetAsync(ReferenceName name, CancellationToken cancellation) => store.GetAsync(name.Tenant, name.Id, cancellation);

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        store.ListAsync(tenant, filter, pageSize, afterId, cancellation);

    public Task<MeasurementEntry> LookupAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        store.FindAsync(tenant, measurement, cancellation);

    public async Task<ChangeOutcome> ActivateAsync(ReferenceName name, string? etag, ChangeOrder order, CancellationToken cancellation)
    {
        StateChange change = Change(name, ReferenceState.Active, ActivatedFrom, etag, "", order) with
        {
            ByAnother = await approval.DemandsApprovalAsync(name.Tenant, cancellation),
        };
        return Logged("activate", name, order, await store.ChangeStateAsync(change, order.Request, cancellation));
    }

    public async Task<ChangeOutcome> DeprecateAsync(ReferenceName name, string? etag, ChangeOrder order, CancellationToken cancellation) => Logged(
        "deprecate", name, order, await store.ChangeStateAsync(Change(name, ReferenceState.Deprecated, DeprecatedFrom, etag, "", order), order.Request, cancellation));

    public async Task<ChangeOutcome> RevokeAsync(ReferenceName name, string reason, string? etag, ChangeOrder order, CancellationToken cancellation) => Logged(
        "revoke",
        name,
        order,
        await OfOthersAsync(name, order.IdPrefixes, cancellation) is { } other
            ? new ChangeOutcome.MeasurementOfOthers(other)
            : await store.ChangeStateAsync(Change(name, ReferenceState.Revoked, RevokedFrom, etag, reason, order), order.Request, cancellation));

    /// <summary>
    /// T68: a revocation hits every value with the measurement or signer. Who is bound to some ids could register what others have, and revoke
    /// that. Gives a value in use that it may not touch.
    /// </summary>
    private async Task<string?> OfOthersAsync(ReferenceName name, IReadOnlyList<string>? prefixes, CancellationToken cancellation)
    {
        if (prefixes is null || await store.GetAsync(name.Tenant, name.Id, cancellation) is not { } value)
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        foreach (Digest384 digest in value.Value.Measurements.Select(m => m.Digest).Concat(value.Signers))
        {
            MeasurementEntry entry = await store.FindAsync(name.Tenant, digest, [digest], cancellation);
            StoredReferenceValue? other = entry.Values.Concat(entry.OfSigners)
                .FirstOrDefault(v => v.Value.IsUsable(now) && !prefixes.Any(p => v.Id.StartsWith(p, StringComparison.Ordinal)));
            if (other is not null)
            {
                return other.Value.Name;
            }
        }

        return null;
    }

    private StateChange Change(ReferenceName name, ReferenceState target, HashSet<ReferenceState> from, string? etag, string reason, ChangeOrder order) =>
        new(name.Tenant, name.Id, target, from, etag, reason, order.Actor, clock.GetUtcNow()) { ValidateOnly = order.ValidateOnly };

    private ChangeOutcome Logged(string step, ReferenceName name, ChangeOrder order, ChangeOutcome outcome)
    {
        if (!order.ValidateOnly)
        {
            RegistryLog.Change(logger, step, name.ToString(), outcome.GetType().Name, order.Actor.Name);
        }

        return outcome;
    }
}
