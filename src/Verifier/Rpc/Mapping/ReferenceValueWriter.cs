using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SevSnp.References;
using Verifier.Service.Registry;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Stored reference values and what is known of a measurement, to the wire.</summary>
internal static class ReferenceValueWriter
{
    public static Proto.ReferenceValue ToProto(StoredReferenceValue stored)
    {
        ReferenceValue value = stored.Value;
        Proto.ReferenceValue result = new()
        {
            Name = ReferenceNames.Format(stored.Tenant, stored.Id),
            Image = value.Image,
            Version = value.Version,
            Kind = value.Kind.ToProto(),
            State = value.State.ToProto(),
            Origin = value.Origin.ToProto(),
            AcceptBySigner = value.AcceptsBySigner,
            Constraints = ConstraintsWriter.ToProto(value.Constraints),
            Provenance = ToProto(stored.Provenance),
            Registrar = stored.Registrar,
            CreateTime = Timestamp.FromDateTimeOffset(stored.CreateTime),
            UpdateTime = Timestamp.FromDateTimeOffset(stored.UpdateTime),
            ExpireTime = value.ExpireTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
            Etag = stored.Etag,
            RevokeReason = stored.RevokeReason,
            File = stored.File is { } file ? ToProto(file) : null,
        };
        result.Measurements.AddRange(value.Measurements.Select(ToProto));
        return result;
    }

    public static Proto.LookupMeasurementResponse ToProto(MeasurementEntry entry)
    {
        Proto.LookupMeasurementResponse result = new()
        {
            Revocation = entry.Tombstone is not { } tombstone ? null : new()
            {
                Reason = tombstone.Reason,
                ReferenceValue = tombstone.ReferenceName,
                RevokeTime = Timestamp.FromDateTimeOffset(tombstone.RevokeTime),
            },
        };
        result.ReferenceValues.AddRange(entry.Values.Select(ToProto));
        return result;
    }

    private static Proto.LaunchedFile ToProto(LaunchedFile file)
    {
        Proto.LaunchedFile result = new();
        if (file.GuestPolicy is { } policy)
        {
            result.GuestPolicy = policy;
        }

        result.Findings.AddRange(file.Findings.Select(f => new Proto.LaunchedFile.Types.Finding { Id = f.Id, Text = f.Text }));
        return result;
    }

    private static Proto.LaunchMeasurement ToProto(ReferenceMeasurement measurement)
    {
        Proto.LaunchMeasurement result = new() { Digest = measurement.Digest.ToProto(), Profile = measurement.Profile };
        if (measurement.VcpuCount is { } count)
        {
            result.VcpuCount = count;
        }

        return result;
    }

    private static Proto.Provenance? ToProto(Provenance provenance) => provenance == Provenance.None ? null : new()
    {
        FileSha384 = provenance.FileSha384?.ToProto() ?? ByteString.Empty,
        FileSize = provenance.FileSize,
        Repository = provenance.Repository,
        Commit = provenance.Commit,
        BuildUrl = provenance.BuildUrl,
    };
}
