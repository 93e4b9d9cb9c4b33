using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry;

/// <summary>A reference value as its registrar states it.</summary>
internal sealed record ReferenceValueDraft(ReferenceName Name, ReferenceValue Value, Provenance Provenance);

/// <summary>The registry's rules: which steps a life has, what is set by the service and never by the caller. The store makes each change durable.</summary>
internal sealed class ReferenceValueRegistry(IReferenceValueStore store, TimeProvider clock, ILogger<ReferenceValueRegistry> logger)
{
    private static readonly HashSet<ReferenceState> ActivatedFrom = [ReferenceState.Pending, ReferenceState.Deprecated];
    private static readonly HashSet<ReferenceState> DeprecatedFrom = [ReferenceState.Active];
    private static readonly HashSet<ReferenceState> RevokedFrom = [ReferenceState.Pending, ReferenceState.Active, ReferenceState.Deprecated];

    public Task<ChangeOutcome> CreateAsync(ReferenceValueDraft draft, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Asserted, ReferenceState.Active, null, [], actor, request, cancellation);

    /// <summary>For digests that the service computed from the launched file itself.</summary>
    public Task<ChangeOutcome> CreateComputedAsync(
        ReferenceValueDraft draft, LaunchedFile file, IReadOnlyList<NearVariant> near, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Computed, ReferenceState.Active, file, near, actor, request, cancellation);

    /// <summary>For the measurement of a report that the service has authenticated itself.</summary>
    public Task<ChangeOutcome> CreateObservedAsync(ReferenceValueDraft draft, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        CreateAsync(draft, ReferenceOrigin.Observed, ReferenceState.Pending, null, [], actor, request, cancellation);

    private async Task<ChangeOutcome> CreateAsync(
        ReferenceValueDraft draft,
        ReferenceOrigin origin,
        ReferenceState state,
        LaunchedFile? file,
        IReadOnlyList<NearVariant> near,
        Actor actor,
        RequestKey? request,
        CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        ReferenceValue value = draft.Value with { Name = draft.Name.ToString(), State = state, Origin = origin };
        StoredReferenceValue stored = new(draft.Name.Tenant, draft.Name.Id, value, draft.Provenance, actor.Name, now, now, Etag: "", RevokeReason: "") { File = file };
        return Logged("create", draft.Name, actor, await store.CreateAsync(new Creation(stored, actor) { Near = near }, request, cancellation));
    }

    public Task<StoredReferenceValue?> GetAsync(ReferenceName name, CancellationToken cancellation) => store.GetAsync(name.Tenant, name.Id, cancellation);

    public Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation) =>
        store.ListAsync(tenant, filter, pageSize, afterId, cancellation);

    public Task<MeasurementEntry> LookupAsync(string tenant, Digest384 measurement, CancellationToken cancellation) =>
        store.FindAsync(tenant, measurement, cancellation);

    public Task<ChangeOutcome> ActivateAsync(ReferenceName name, string? etag, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        ChangeAsync("activate", name, ReferenceState.Active, ActivatedFrom, etag, "", actor, request, cancellation);

    public Task<ChangeOutcome> DeprecateAsync(ReferenceName name, string? etag, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        ChangeAsync("deprecate", name, ReferenceState.Deprecated, DeprecatedFrom, etag, "", actor, request, cancellation);

    public Task<ChangeOutcome> RevokeAsync(ReferenceName name, string reason, string? etag, Actor actor, RequestKey? request, CancellationToken cancellation) =>
        ChangeAsync("revoke", name, ReferenceState.Revoked, RevokedFrom, etag, reason, actor, request, cancellation);

    private async Task<ChangeOutcome> ChangeAsync(
        string step, ReferenceName name, ReferenceState target, HashSet<ReferenceState> from, string? etag, string reason, Actor actor, RequestKey? request, CancellationToken cancellation)
    {
        StateChange change = new(name.Tenant, name.Id, target, from, etag, reason, actor, clock.GetUtcNow());
        return Logged(step, name, actor, await store.ChangeStateAsync(change, request, cancellation));
    }

    private ChangeOutcome Logged(string step, ReferenceName name, Actor actor, ChangeOutcome outcome)
    {
        RegistryLog.Change(logger, step, name.ToString(), outcome.GetType().Name, actor.Name);
        return outcome;
    }
}
