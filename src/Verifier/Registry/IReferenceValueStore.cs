using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry;

/// <summary>
/// What the service needs of a store. Every change is atomic, appends one leaf to the tenant's log in the same transaction, and
/// returns once it is durable. A store that cannot be asked throws <see cref="StoreUnavailableException"/>, one that must not be
/// trusted throws <see cref="StoreUnfitException"/>; neither is ever answered as "not there".
/// </summary>
internal interface IReferenceValueStore
{
    /// <summary>What is known of a measurement, and of the keys that signed the guest's ID block: at most two, none to ask of the measurement alone.</summary>
    Task<MeasurementEntry> FindAsync(string tenant, Digest384 measurement, IReadOnlyList<Digest384> signers, CancellationToken cancellation);

    /// <summary>Registered files of which this is another launch. Asked only to explain a refusal: nothing of it is a reference value.</summary>
    Task<IReadOnlyList<NearMatch>> FindNearAsync(string tenant, Digest384 measurement, CancellationToken cancellation);

    Task<StoredReferenceValue?> GetAsync(string tenant, string id, CancellationToken cancellation);

    Task<ReferencePage> ListAsync(string tenant, ReferenceFilter filter, int pageSize, string? afterId, CancellationToken cancellation);

    Task<ChangeOutcome> CreateAsync(Creation creation, RequestKey? request, CancellationToken cancellation);

    Task<ChangeOutcome> ChangeStateAsync(StateChange change, RequestKey? request, CancellationToken cancellation);

    /// <summary>Succeeds when a read and, as far as can be told without one, a write would.</summary>
    Task PingAsync(CancellationToken cancellation);
}

/// <summary>Short forms.</summary>
internal static class ReferenceValueStores
{
    /// <summary>Asks of a measurement alone.</summary>
    public static Task<MeasurementEntry> FindAsync(this IReferenceValueStore store, string tenant, Digest384 measurement, CancellationToken cancellation) =>
        store.FindAsync(tenant, measurement, [], cancellation);
}

/// <summary>
/// Makes a change idempotent: a repeat with the same id and the same fingerprint (SHA-256 of the canonical request) gives the first
/// answer; the same id with another fingerprint is a fault of the caller. Kept for 24 hours.
/// </summary>
internal sealed record RequestKey(string RequestId, string Fingerprint);

/// <summary>A new reference value.</summary>
internal sealed record Creation(StoredReferenceValue Value, Actor Actor)
{
    /// <summary>Kept beside the value, where <see cref="IReferenceValueStore.FindAsync"/> never looks.</summary>
    public IReadOnlyList<NearVariant> Near { get; init; } = [];

    /// <summary>Says how it would end, and changes nothing.</summary>
    public bool ValidateOnly { get; init; }
}

/// <summary>A step in the life of a reference value.</summary>
internal sealed record StateChange(
    string Tenant,
    string Id,
    ReferenceState Target,
    IReadOnlySet<ReferenceState> AllowedFrom,
    string? ExpectedEtag,
    string Reason,
    Actor Actor,
    DateTimeOffset At)
{
    /// <summary>Says how it would end, and changes nothing.</summary>
    public bool ValidateOnly { get; init; }

    /// <summary>Demands that another than who makes this change has registered the value.</summary>
    public bool ByAnother { get; init; }
}

/// <summary>How a change ended.</summary>
internal abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    /// <summary>Stored and durable, now or by an earlier call with the same request id.</summary>
    public sealed record Done(StoredReferenceValue Value) : ChangeOutcome;

    /// <summary>The id is taken.</summary>
    public sealed record AlreadyExists : ChangeOutcome;

    /// <summary>There is no such reference value.</summary>
    public sealed record NotFound : ChangeOutcome;

    /// <summary>It was changed since the caller read it.</summary>
    public sealed record EtagMismatch(string CurrentEtag) : ChangeOutcome;

    /// <summary>Its state does not allow this step.</summary>
    public sealed record WrongState(ReferenceState Current) : ChangeOutcome;

    /// <summary>Whoever registered it may not take this step; another must.</summary>
    public sealed record SameRegistrar : ChangeOutcome;

    /// <summary>Its revocation would hit a value in use that is none of the actor's.</summary>
    public sealed record MeasurementOfOthers(string ReferenceName) : ChangeOutcome;

    /// <summary>One of its measurements has been revoked.</summary>
    public sealed record MeasurementRevoked(Tombstone Tombstone) : ChangeOutcome;

    /// <summary>The request id was used before for something else.</summary>
    public sealed record RequestIdReused : ChangeOutcome;
}

/// <summary>The store cannot be asked now; the call may be repeated.</summary>
internal class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A change was made, and may be undone by a fail-over, since not every server that could take over has it. Whoever repeats it with the same
/// request id learns what stands.
/// </summary>
internal sealed class StoreNotDurableException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);

/// <summary>The store answers, but must not hold trust as it stands; the message tells an operator what to change.</summary>
internal sealed class StoreUnfitException(string message, Exception? inner = null, string? fix = null) : Exception(message, inner)
{
    /// <summary>What must be repaired, in words that any caller may see; null where only the log tells.</summary>
    public string? Fix => fix;
}
