using System.Security.Cryptography;
using Google.Protobuf;
using SevSnp.Firmware;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The description of firmware and of its launch, from the wire.</summary>
internal static class FirmwareRegistrationReader
{
    private const int MostAsserted = 64;
    private const int MostMeasurements = 256;
    private const int MostCpus = 8;
    private const int MostCommandLine = 64 << 10;
    private const int Sha256Length = 32;

    public static FirmwareRegistrationDraft Read(Proto.RegisterFirmwareRequest request, DateTimeOffset now)
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
        FirmwareInputs? launch = Launch(path.Field("launch"), registration.Launch);
        ReferenceValue value = new()
        {
            Name = name.ToString(),
            Image = ReferenceValueReader.Image(path.Field("image"), registration.Image),
            Version = ReferenceValueReader.Version(path.Field("version"), registration.Version),
            Kind = Kind(path.Field("kind"), registration.Kind, launch?.Vmm),
            Measurements = [],
            Constraints = ConstraintsReader.Read(path.Field("constraints"), registration.Constraints),
            ExpireTime = ReferenceValueReader.ExpireTime(path.Field("expire_time"), registration.ExpireTime, now),
        };
        Provenance provenance = ReferenceValueReader.Provenance(path.Field("provenance"), registration.Provenance);
        List<Digest384> asserted = FieldRules.Digests(path.Field("asserted_digests"), registration.AssertedDigests, MostAsserted);
        Digest384? svsm = registration.SvsmSha384.IsEmpty ? null : FieldRules.Digest(path.Field("svsm_sha384"), registration.SvsmSha384);
        violations.ThrowIfAny();
        return new FirmwareRegistrationDraft(new ReferenceValueDraft(name, value, provenance), launch!, asserted, svsm);
    }

    /// <summary>The request that a repeat must equal: the description together with the files.</summary>
    public static RequestKey? Key(Proto.FirmwareRegistration registration, ReadOnlySpan<byte> firmware, ReadOnlySpan<byte> svsm)
    {
        Proto.FirmwareRegistration whole = registration.Clone();
        whole.Provenance ??= new Proto.Provenance();
        whole.Provenance.FileSha384 = ByteString.CopyFrom(SHA384.HashData(firmware));
        whole.Provenance.FileSize = (ulong)firmware.Length;
        whole.SvsmSha384 = svsm.IsEmpty ? ByteString.Empty : ByteString.CopyFrom(SHA384.HashData(svsm));
        return RequestKeys.Make(registration.RequestId, whole);
    }

    private static LaunchKind Kind(FieldPath path, Proto.LaunchKind kind, FirmwareProfile? vmm)
    {
        Proto.LaunchKind expected = vmm is { IsStage1: true } ? Proto.LaunchKind.Stage1 : Proto.LaunchKind.Ovmf;
        if (FieldRules.Known(path, kind) && vmm is not null && kind != expected)
        {
            path.Fail(ViolationReasons.Contradictory, $"must be that of the VMM, {expected.ToDomain().WireName()}");
        }

        return kind.ToDomain();
    }

    private static FirmwareInputs? Launch(FieldPath path, Proto.FirmwareLaunch? launch)
    {
        if (launch is null)
        {
            path.Required();
            return null;
        }

        if (!FirmwareProfile.TryFromName(launch.Vmm, out FirmwareProfile? vmm))
        {
            path.Field("vmm").Fail(ViolationReasons.UnknownValue, $"must be {string.Join(", ", FirmwareProfile.All.SkipLast(1))} or {FirmwareProfile.All[^1]}");
            return null;
        }

        uint fewest = FieldRules.InRange(path.Field("min_vcpus"), launch.MinVcpus, 1, MostMeasurements);
        uint most = FieldRules.InRange(path.Field("max_vcpus"), launch.MaxVcpus, 1, MostMeasurements);
        List<VcpuSignature> cpus = Cpus(path.Field("cpu_signatures"), launch, vmm);
        if (fewest > most)
        {
            path.Field("min_vcpus").Fail(ViolationReasons.Contradictory, "must not be above max_vcpus");
        }
        else
        {
            FieldRules.AtMost(path, (int)(most - fewest + 1) * Math.Max(1, cpus.Count), MostMeasurements);
        }

        Stage1Only(path.Field("vars_size"), launch.HasVarsSize, vmm);
        return new FirmwareInputs(
            vmm,
            (int)fewest,
            (int)most,
            cpus,
            (SevFeatures)(launch.HasGuestFeatures ? launch.GuestFeatures : (ulong)SevFeatures.SnpActive),
            Fpu(path.Field("fpu"), launch.Fpu),
            launch.HasVmsaGpa ? launch.VmsaGpa : null,
            launch.HasVarsSize ? (long)Math.Min(launch.VarsSize, FirmwareLimits.TopOfMemory) : null,
            launch.Kernel is { } kernel ? Kernel(path.Field("kernel"), kernel) : null);
    }

    private static List<VcpuSignature> Cpus(FieldPath path, Proto.FirmwareLaunch launch, FirmwareProfile vmm)
    {
        if (vmm.MeasuresCpuSignature != launch.CpuSignatures.Count > 0)
        {
            path.Fail(ViolationReasons.Contradictory, vmm.MeasuresCpuSignature ? "must name a CPU, which this VMM measures" : "must be empty, since this VMM does not measure it");
        }

        FieldRules.AtMost(path, launch.CpuSignatures.Count, MostCpus);
        List<VcpuSignature> cpus = [.. launch.CpuSignatures.Distinct().Take(MostCpus).Select(s => new VcpuSignature(s))];
        if (launch.CpuSignatures.Count <= MostCpus && cpus.Count < launch.CpuSignatures.Count)
        {
            path.Fail(ViolationReasons.Duplicate, "lists one twice");
        }

        return cpus;
    }

    private static void Stage1Only(FieldPath path, bool isStated, FirmwareProfile vmm)
    {
        if (isStated != vmm.IsStage1)
        {
            path.Fail(ViolationReasons.Contradictory, vmm.IsStage1 ? "is required for stage1" : "is for stage1 only");
        }
    }

    private static FpuState? Fpu(FieldPath path, string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        FpuState[] found = [.. FpuStates.All.Where(s => s.WireName() == name)];
        if (found.Length == 0)
        {
            path.Fail(ViolationReasons.UnknownValue, "must be reset, zero or mxcsr-only");
        }

        return found.FirstOrDefault();
    }

    private static KernelHashes? Kernel(FieldPath path, Proto.FirmwareLaunch.Types.Kernel kernel)
    {
        HexBytes? file = FieldRules.Exactly(path.Field("kernel_sha256"), kernel.KernelSha256, Sha256Length);
        HexBytes? initrd = kernel.HasInitrdSha256 ? FieldRules.Exactly(path.Field("initrd_sha256"), kernel.InitrdSha256, Sha256Length) : null;
        if (System.Text.Encoding.UTF8.GetByteCount(kernel.CommandLine) > MostCommandLine)
        {
            path.Field("command_line").Fail(ViolationReasons.WrongLength, $"must be at most {MostCommandLine} bytes long");
        }

        return file is not null && KernelHashes.TryCreate(file, initrd, kernel.CommandLine, out KernelHashes? hashes, out _) ? hashes : null;
    }
}
