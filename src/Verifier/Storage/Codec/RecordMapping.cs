using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Codec;

/// <summary>A near variant and the id of the reference value that it belongs to.</summary>
internal sealed record StoredNear(string Id, NearVariant Variant);

/// <summary>Reference values and tombstones to their stored form and back.</summary>
internal static class RecordMapping
{
    public static RecordDocument ToDocument(StoredReferenceValue stored) => new()
    {
        V = RecordDocument.CurrentVersion,
        Tenant = stored.Tenant,
        Id = stored.Id,
        Name = stored.Value.Name,
        Image = stored.Value.Image,
        Version = stored.Value.Version,
        Kind = stored.Value.Kind,
        State = stored.Value.State,
        Origin = stored.Value.Origin,
        Measurements = [.. stored.Value.Measurements.Select(m => new MeasurementDocument
        {
            Digest = m.Digest.ToString(),
            Profile = m.Profile,
            VcpuCount = m.VcpuCount,
        })],
        AcceptsBySigner = stored.Value.AcceptsBySigner ? true : null,
        Constraints = ConstraintsMapping.ToDocument(stored.Value.Constraints),
        ExpireTime = stored.Value.ExpireTime?.ToUniversalTime(),
        Provenance = new()
        {
            FileSha384 = stored.Provenance.FileSha384?.ToString(),
            FileSize = stored.Provenance.FileSize,
            Repository = stored.Provenance.Repository,
            Commit = stored.Provenance.Commit,
            BuildUrl = stored.Provenance.BuildUrl,
        },
        Registrar = stored.Registrar,
        CreateTime = stored.CreateTime.ToUniversalTime(),
        UpdateTime = stored.UpdateTime.ToUniversalTime(),
        Etag = stored.Etag,
        RevokeReason = stored.RevokeReason,
        File = stored.File is not { } file ? null : new()
        {
            GuestPolicy = file.GuestPolicy,
            Findings = [.. file.Findings.Select(f => new FindingDocument { Id = f.Id, Text = f.Text })],
        },
    };

    public static StoredReferenceValue FromDocument(RecordDocument d)
    {
        RequireVersion(d.V);
        bool bySigner = d.AcceptsBySigner == true;
        if (d.State == ReferenceState.Unspecified || d.Measurements.Length == 0 != bySigner)
        {
            throw new FormatException("A reference value has a state, and either at least one measurement or a signer that it accepts by.");
        }

        ReferenceValue value = new()
        {
            Name = d.Name,
            Image = d.Image,
            Version = d.Version,
            Kind = d.Kind,
            State = d.State,
            Origin = d.Origin,
            Measurements = [.. d.Measurements.Select(m => new ReferenceMeasurement(StoredHex.Digest(m.Digest), m.Profile, m.VcpuCount))],
            AcceptsBySigner = bySigner,
            Constraints = ConstraintsMapping.FromDocument(d.Constraints),
            ExpireTime = d.ExpireTime,
        };
        Digest384? file = d.Provenance.FileSha384 is { } sha ? StoredHex.Digest(sha) : null;
        Provenance provenance = new(file, d.Provenance.FileSize, d.Provenance.Repository, d.Provenance.Commit, d.Provenance.BuildUrl);
        return new(d.Tenant, d.Id, value, provenance, d.Registrar, d.CreateTime, d.UpdateTime, d.Etag, d.RevokeReason)
        {
            File = d.File is { } f ? new LaunchedFile(f.GuestPolicy, [.. f.Findings.Select(x => new FileFinding(x.Id, x.Text))]) : null,
        };
    }

    public static TombstoneDocument ToDocument(Tombstone tombstone) => new()
    {
        V = RecordDocument.CurrentVersion,
        Digest = tombstone.Measurement.ToString(),
        Reason = tombstone.Reason,
        ReferenceName = tombstone.ReferenceName,
        RevokeTime = tombstone.RevokeTime.ToUniversalTime(),
    };

    public static Tombstone FromDocument(TombstoneDocument d)
    {
        RequireVersion(d.V);
        return new(StoredHex.Digest(d.Digest), d.Reason, d.ReferenceName, d.RevokeTime);
    }

    public static NearDocument ToDocument(string id, NearVariant variant) => new()
    {
        V = RecordDocument.CurrentVersion,
        NearDigest = variant.Digest.ToString(),
        Id = id,
        Profile = variant.Profile,
        ZeroPages = variant.ZeroPages,
        Vmsas = variant.Vmsas,
    };

    public static StoredNear FromDocument(NearDocument d)
    {
        RequireVersion(d.V);
        return new(d.Id, new NearVariant(StoredHex.Digest(d.NearDigest), d.Profile, d.ZeroPages, d.Vmsas));
    }

    public static void RequireVersion(int version)
    {
        if (version != RecordDocument.CurrentVersion)
        {
            throw new FormatException($"Format version {version} is not known to this version of the service.");
        }
    }
}
