using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The description of an IGVM file, from the wire.</summary>
internal static class IgvmRegistrationReader
{
    private const int MostLaunches = 64;
    private const int MostAsserted = 64;

    public static IgvmRegistrationDraft Read(Proto.RegisterIgvmRequest request, DateTimeOffset now)
    {
        FieldViolations violations = new();
        FieldPath path = violations.Root.Field("registration");
        if (request.Registration is not { } registration)
        {
            path.Required();
            violations.ThrowIfAny();
            throw new System.Diagnostics.UnreachableException();
        }

        string tenant = NameMapping.Parent(path.Field("parent"), registration.Parent);
        ReferenceName name = new(tenant, NameMapping.Id(path.Field("reference_value_id"), registration.ReferenceValueId));
        RequestKeys.Check(path.Field("request_id"), registration.RequestId);
        ReferenceValue value = new()
        {
            Name = name.ToString(),
            Image = ReferenceValueReader.Image(path.Field("image"), registration.Image),
            Version = ReferenceValueReader.Version(path.Field("version"), registration.Version),
            Kind = Kind(path.Field("kind"), registration.Kind),
            Measurements = [],
            Constraints = ConstraintsReader.Read(path.Field("constraints"), registration.Constraints),
            ExpireTime = ReferenceValueReader.ExpireTime(path.Field("expire_time"), registration.ExpireTime, now),
        };
        Provenance provenance = ReferenceValueReader.Provenance(path.Field("provenance"), registration.Provenance);
        List<IgvmLaunch> launches = Launches(path.Field("launches"), registration);
        List<Digest384> asserted = FieldRules.Digests(path.Field("asserted_digests"), registration.AssertedDigests, MostAsserted);
        violations.ThrowIfAny();
        return new IgvmRegistrationDraft(new ReferenceValueDraft(name, value, provenance), launches, asserted);
    }

    /// <summary>The request that a repeat must equal: the description together with the file.</summary>
    public static RequestKey? Key(Proto.IgvmRegistration registration, Provenance file)
    {
        Proto.IgvmRegistration whole = registration.Clone();
        whole.Provenance ??= new Proto.Provenance();
        whole.Provenance.FileSha384 = file.FileSha384!.Value.ToProto();
        whole.Provenance.FileSize = file.FileSize;
        return RequestKeys.Make(registration.RequestId, whole);
    }

    private static LaunchKind Kind(FieldPath path, Proto.LaunchKind kind)
    {
        if (FieldRules.Known(path, kind) && kind is not (Proto.LaunchKind.SvsmIgvm or Proto.LaunchKind.Igvm))
        {
            path.Fail(ViolationReasons.Contradictory, "must be a launch from an IGVM file");
        }

        return kind.ToDomain();
    }

    private static List<IgvmLaunch> Launches(FieldPath path, Proto.IgvmRegistration registration)
    {
        List<IgvmLaunch> result = [];
        for (int i = 0; FieldRules.AtMost(path, registration.Launches.Count, MostLaunches) && i < registration.Launches.Count; i++)
        {
            Proto.IgvmLaunch launch = registration.Launches[i];
            if (!LaunchProfiles.TryParse(launch.Profile, out LaunchProfile profile))
            {
                path.At(i).Field("profile").Fail(ViolationReasons.UnknownValue, "must be spec, qemu-kvm, hyperv or vanadium");
            }

            bool isStated = launch.ZeroPages != default && FieldRules.Known(path.At(i).Field("zero_pages"), launch.ZeroPages);
            result.Add(new IgvmLaunch
            {
                Profile = profile,
                ZeroPages = isStated ? (ZeroPages)launch.ZeroPages : null,
                Vmsas = launch.HasVmsas ? (int)FieldRules.InRange(path.At(i).Field("vmsas"), launch.Vmsas, 1, IgvmLaunch.MaxVmsas) : null,
            });
        }

        return result;
    }
}
