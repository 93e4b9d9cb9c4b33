using Google.Protobuf.WellKnownTypes;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A reference value as a registrar states it, from the wire.</summary>
internal static class ReferenceValueReader
{
    private const int MostMeasurements = 256;

    public static ReferenceValueDraft Read(Proto.CreateReferenceValueRequest request, DateTimeOffset now)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        string id = NameMapping.Id(root.Field("reference_value_id"), request.ReferenceValueId);
        RequestKeys.Check(root.Field("request_id"), request.RequestId);
        FieldPath path = root.Field("reference_value");
        if (request.ReferenceValue is not { } value)
        {
            path.Required();
            violations.ThrowIfAny();
            throw new System.Diagnostics.UnreachableException();
        }

        CheckOutputOnly(path, value);
        ReferenceName name = new(tenant, id);
        ReferenceValueDraft draft = new(name, Value(path, value, name, now), Provenance(path.Field("provenance"), value.Provenance));
        violations.ThrowIfAny();
        return draft;
    }

    public static string Image(FieldPath path, string value) => FieldRules.Text(path, value, 1, 128, "[A-Za-z0-9._/-]", c => IsWord(c) || c is '.' or '_' or '/' or '-');

    public static string Version(FieldPath path, string value) =>
        FieldRules.Text(path, value, 1, 128, "[A-Za-z0-9._+-]", c => IsWord(c) || c is '.' or '_' or '+' or '-');

    private static ReferenceValue Value(FieldPath path, Proto.ReferenceValue value, ReferenceName name, DateTimeOffset now) => new()
    {
        Name = name.ToString(),
        Image = Image(path.Field("image"), value.Image),
        Version = Version(path.Field("version"), value.Version),
        Kind = FieldRules.Known(path.Field("kind"), value.Kind) ? value.Kind.ToDomain() : default,
        Measurements = Measurements(path.Field("measurements"), value),
        AcceptsBySigner = AcceptsBySigner(path, value),
        Constraints = ConstraintsReader.Read(path.Field("constraints"), value.Constraints),
        ExpireTime = ExpireTime(path.Field("expire_time"), value.ExpireTime, now),
    };

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c);

    private static void CheckOutputOnly(FieldPath path, Proto.ReferenceValue value)
    {
        FieldRules.Empty(path.Field("name"), value.Name.Length == 0);
        FieldRules.Empty(path.Field("state"), value.State == default);
        FieldRules.Empty(path.Field("origin"), value.Origin == default);
        FieldRules.Empty(path.Field("registrar"), value.Registrar.Length == 0);
        FieldRules.Empty(path.Field("create_time"), value.CreateTime is null);
        FieldRules.Empty(path.Field("update_time"), value.UpdateTime is null);
        FieldRules.Empty(path.Field("etag"), value.Etag.Length == 0);
        FieldRules.Empty(path.Field("revoke_reason"), value.RevokeReason.Length == 0);
        FieldRules.Empty(path.Field("file"), value.File is null);
    }

    // Trust in a key is trust in all that it signs, so which line of releases is meant must be said.
    private static bool AcceptsBySigner(FieldPath path, Proto.ReferenceValue value)
    {
        if (!value.AcceptBySigner)
        {
            return false;
        }

        FieldPath signer = path.Field("constraints").Field("signer").Field("pinned");
        if (value.Constraints?.Signer?.Pinned is not { } pinned)
        {
            signer.Required();
            return true;
        }

        Demand(signer.Field("family_id"), pinned.HasFamilyId);
        Demand(signer.Field("image_id"), pinned.HasImageId);
        return true;

        static void Demand(FieldPath field, bool isStated)
        {
            if (!isStated)
            {
                field.Required();
            }
        }
    }

    private static List<ReferenceMeasurement> Measurements(FieldPath path, Proto.ReferenceValue value)
    {
        if (value.AcceptBySigner)
        {
            if (value.Measurements.Count > 0)
            {
                path.Fail(ViolationReasons.Contradictory, "must be empty, since accept_by_signer is set");
            }

            return [];
        }

        if (value.Measurements.Count == 0)
        {
            path.Required();
        }

        HashSet<Digest384> seen = [];
        List<ReferenceMeasurement> result = [];
        for (int i = 0; FieldRules.AtMost(path, value.Measurements.Count, MostMeasurements) && i < value.Measurements.Count; i++)
        {
            if (Measurement(path.At(i), value.Measurements[i]) is { } measurement)
            {
                result.Add(measurement);
                if (!seen.Add(measurement.Digest))
                {
                    path.At(i).Field("digest").Fail(ViolationReasons.Duplicate, "is listed before");
                }
            }
        }

        return result;
    }

    private static ReferenceMeasurement? Measurement(FieldPath path, Proto.LaunchMeasurement value)
    {
        string profile = FieldRules.Text(path.Field("profile"), value.Profile, 0, 64, "[a-z0-9-]", c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
        uint? vcpus = value.HasVcpuCount ? FieldRules.InRange(path.Field("vcpu_count"), value.VcpuCount, 1, 65535) : null;
        return FieldRules.Digest(path.Field("digest"), value.Digest) is { } digest ? new ReferenceMeasurement(digest, profile, vcpus) : null;
    }

    public static Provenance Provenance(FieldPath path, Proto.Provenance? value) => value is null ? Registry.Provenance.None : new Provenance(
        value.FileSha384.IsEmpty ? null : FieldRules.Digest(path.Field("file_sha384"), value.FileSha384),
        value.FileSize,
        FieldRules.FreeText(path.Field("repository"), value.Repository, 0, 512),
        FieldRules.FreeText(path.Field("commit"), value.Commit, 0, 128),
        FieldRules.FreeText(path.Field("build_url"), value.BuildUrl, 0, 512));

    public static DateTimeOffset? ExpireTime(FieldPath path, Timestamp? value, DateTimeOffset now)
    {
        if (value is null)
        {
            return null;
        }

        // Years 1 to 9999, as the type's own definition has it.
        if (value.Seconds is < -62135596800 or > 253402300799 || value.Nanos is < 0 or > 999_999_999)
        {
            path.Fail(ViolationReasons.OutOfRange, "is not a valid time");
            return null;
        }

        DateTimeOffset time = value.ToDateTimeOffset();
        if (time <= now)
        {
            path.Fail(ViolationReasons.InThePast, "must be in the future");
        }

        return time;
    }
}
