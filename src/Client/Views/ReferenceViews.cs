using System.Text.Json.Serialization;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>A reference value as the registry holds it. Digests in hexadecimal.</summary>
internal sealed record ReferenceValueView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public required string Name { get; init; }

    public required string Image { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    /// <summary><c>pending</c>, <c>active</c>, <c>deprecated</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>asserted</c>, <c>observed</c> or <c>computed</c>.</summary>
    public required string Origin { get; init; }

    public required IReadOnlyList<LaunchMeasurementView> Measurements { get; init; }

    /// <summary>True when it accepts whatever the signer in the constraints has signed, and has no measurements.</summary>
    public bool AcceptBySigner { get; init; }

    /// <summary>What must hold together with a measurement, one rule each in words.</summary>
    public required IReadOnlyList<string> Constraints { get; init; }

    public ProvenanceView? Provenance { get; init; }

    /// <summary>What the launched file says of itself, when the digests were computed from it.</summary>
    public LaunchedFileView? File { get; init; }

    public string? Registrar { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public DateTimeOffset? UpdateTime { get; init; }

    public DateTimeOffset? ExpireTime { get; init; }

    public string? Etag { get; init; }

    public string? RevokeReason { get; init; }

    /// <summary>True when nothing was changed: this is how it would be.</summary>
    public bool? DryRun { get; init; }

    /// <summary>What its revocation would do.</summary>
    public RevocationImpactView? Impact { get; init; }

    public static ReferenceValueView Of(V1.ReferenceValue? value) => value is null
        ? throw new CommandFailure(ExitCode.Outage, "the service's answer holds no reference value")
        : new()
        {
            Name = value.Name,
            Image = value.Image,
            Version = value.Version,
            Kind = ServiceViews.Name(value.Kind),
            State = value.State.ToString().ToLowerInvariant(),
            Origin = value.Origin.ToString().ToLowerInvariant(),
            Measurements = [.. value.Measurements.Select(m => new LaunchMeasurementView(
                ServiceViews.Hex(m.Digest), ServiceViews.Text(m.Profile), m.HasVcpuCount ? m.VcpuCount : null))],
            AcceptBySigner = value.AcceptBySigner,
            Constraints = [.. ConstraintWords.Of(value.Constraints)],
            Provenance = value.Provenance is { } p ? ProvenanceView.Of(p) : null,
            File = value.File is { } file
                ? new LaunchedFileView(file.HasGuestPolicy ? $"0x{file.GuestPolicy:x}" : null, [.. file.Findings.Select(f => new WarningView(f.Id, f.Text))])
                : null,
            Registrar = ServiceViews.Text(value.Registrar),
            CreateTime = ServiceViews.Time(value.CreateTime),
            UpdateTime = ServiceViews.Time(value.UpdateTime),
            ExpireTime = ServiceViews.Time(value.ExpireTime),
            Etag = ServiceViews.Text(value.Etag),
            RevokeReason = ServiceViews.Text(value.RevokeReason),
        };
}

internal sealed record LaunchMeasurementView(string Digest, string? Profile, uint? VcpuCount);

/// <summary>What a launched file says of itself: the guest policy it asks for, and what a registrar should know.</summary>
internal sealed record LaunchedFileView(string? GuestPolicy, IReadOnlyList<WarningView> Findings);

/// <summary>Where a reference value came from, as its registrar stated.</summary>
internal sealed record ProvenanceView(string? FileSha384, ulong? FileSize, string? Repository, string? Commit, string? BuildUrl)
{
    public static ProvenanceView Of(V1.Provenance p) => new(
        ServiceViews.Text(ServiceViews.Hex(p.FileSha384)),
        p.FileSize == 0 ? null : p.FileSize,
        ServiceViews.Text(p.Repository),
        ServiceViews.Text(p.Commit),
        ServiceViews.Text(p.BuildUrl));
}

/// <summary>A list of reference values; <c>truncated</c> when there are more than were asked for.</summary>
internal sealed record ReferenceListView(IReadOnlyList<ReferenceValueView> ReferenceValues, bool Truncated)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}

/// <summary>What the registry knows of one launch measurement.</summary>
internal sealed record MeasurementView(string Digest, IReadOnlyList<ReferenceValueView> ReferenceValues, RevocationView? Revocation)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public static MeasurementView Of(string digest, V1.LookupMeasurementResponse response) => new(
        digest,
        [.. response.ReferenceValues.Select(ReferenceValueView.Of)],
        response.Revocation is { } r ? new RevocationView(r.Reason, r.ReferenceValue, ServiceViews.Time(r.RevokeTime)) : null);
}

/// <summary>The mark that a measurement is revoked for good.</summary>
internal sealed record RevocationView(string Reason, string ReferenceValue, DateTimeOffset? RevokeTime);
