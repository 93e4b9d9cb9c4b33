using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.References;

/// <summary>Where a reference value stands in its life.</summary>
public enum ReferenceState
{
    /// <summary>Not stated; never matches.</summary>
    Unspecified = 0,

    /// <summary>Awaits approval; never matches.</summary>
    Pending = 1,

    /// <summary>In use.</summary>
    Active = 2,

    /// <summary>Still accepted, with a warning.</summary>
    Deprecated = 3,

    /// <summary>Never matches again; its measurements have tombstones.</summary>
    Revoked = 4,
}

/// <summary>How the digests of a reference value came about.</summary>
public enum ReferenceOrigin
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>Given by the registrar.</summary>
    Asserted = 1,

    /// <summary>Taken from an authenticated report.</summary>
    Observed = 2,

    /// <summary>Computed from the launched file.</summary>
    Computed = 3,
}

/// <summary>One launch measurement of a reference value, with the context it was made for.</summary>
/// <param name="Digest">The launch measurement; never zero.</param>
/// <param name="Profile">Name of the launch profile, or empty when not stated.</param>
/// <param name="VcpuCount">Number of vCPUs, or null when it does not enter the measurement or is not stated.</param>
public sealed record ReferenceMeasurement(Digest384 Digest, string Profile = "", uint? VcpuCount = null);

/// <summary>A registered release: the measurements that identify it and what must hold together with them.</summary>
public sealed record ReferenceValue
{
    /// <summary>Resource name, for example <c>tenants/default/referenceValues/coconut-svsm-2026-11</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Image, for example <c>coconut-svsm</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Version of the image, for example <c>2026.11</c>.</summary>
    public required string Version { get; init; }

    /// <summary>How the guest is launched.</summary>
    public LaunchKind Kind { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public ReferenceState State { get; init; }

    /// <summary>How the digests came about.</summary>
    public ReferenceOrigin Origin { get; init; }

    /// <summary>The launch measurements; at least one, unless <see cref="AcceptsBySigner"/>, and then none.</summary>
    public required IReadOnlyList<ReferenceMeasurement> Measurements { get; init; }

    /// <summary>
    /// True when it vouches for every measurement that the signer of its <see cref="Constraints"/> has signed an ID block for: the rule
    /// must be <see cref="SignerRule.Pinned"/> with FAMILY_ID and IMAGE_ID, else the value never matches.
    /// </summary>
    public bool AcceptsBySigner { get; init; }

    /// <summary>What must hold together with a measurement.</summary>
    public Constraints Constraints { get; init; } = Constraints.None;

    /// <summary>From this moment on it never matches; null means no end.</summary>
    public DateTimeOffset? ExpireTime { get; init; }

    /// <summary>
    /// Tells whether the value may match at all: active or deprecated, and not expired.
    /// </summary>
    /// <param name="at">The time of judging.</param>
    /// <returns>True when it may match.</returns>
    public bool IsUsable(DateTimeOffset at) =>
        State is ReferenceState.Active or ReferenceState.Deprecated && (ExpireTime is not { } end || at < end);
}

/// <summary>The mark that a measurement is revoked for a tenant. It beats every present and future reference value.</summary>
/// <param name="Measurement">The revoked launch measurement.</param>
/// <param name="Reason">Why, as stated by whoever revoked it.</param>
/// <param name="ReferenceName">Resource name of the reference value that was revoked.</param>
/// <param name="RevokeTime">When.</param>
public sealed record Tombstone(Digest384 Measurement, string Reason, string ReferenceName, DateTimeOffset RevokeTime);

/// <summary>All that a tenant's registry knows of one launch measurement.</summary>
/// <param name="Measurement">The launch measurement asked for.</param>
/// <param name="Tombstone">The mark of revocation, or null.</param>
/// <param name="Values">Every reference value that has this measurement, in whatever state.</param>
public sealed record MeasurementRecords(Digest384 Measurement, Tombstone? Tombstone, IReadOnlyList<ReferenceValue> Values)
{
    /// <summary>
    /// Every reference value that accepts by signer and names one of <see cref="Reports.AttestationReport.IdBlockSigners"/>, in whatever
    /// state: a revoked one withdraws others.
    /// </summary>
    public IReadOnlyList<ReferenceValue> OfSigners { get; init; } = [];

    /// <summary>
    /// Whether a revocation of the measurement was lifted and none came since. A reference value that was revoked with it stays so, and without
    /// this its state alone refuses the measurement, also where the tombstone is missing.
    /// </summary>
    public bool IsLifted { get; init; }

    /// <summary>The answer for a measurement nobody registered.</summary>
    /// <param name="measurement">The launch measurement.</param>
    /// <returns>No tombstone and no values.</returns>
    public static MeasurementRecords Empty(Digest384 measurement) => new(measurement, null, []);
}
