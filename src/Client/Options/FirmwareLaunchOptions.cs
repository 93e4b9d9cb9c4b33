using System.CommandLine;
using Google.Protobuf;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.Client.Input;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Options;

/// <summary>Everything that decides the measurement of a launch without an IGVM file.</summary>
internal sealed class FirmwareLaunchOptions
{
    private const string Svsm = "snp:svsm";

    private readonly Option<FileInfo> _ovmf = Opt.File("--ovmf", "The firmware: OVMF code; where code and variables are split, the code alone.");
    private readonly Option<FileInfo> _kernel = Opt.File("--kernel", "Kernel that the VMM hands over with kernel hashes on. Without it they are off.");
    private readonly Option<FileInfo> _initrd = Opt.File("--initrd", "Initrd that goes with the kernel.");
    private readonly Option<string> _append = Opt.Verbatim("--append", "TEXT", "Kernel command line, taken byte for byte.");
    private readonly Option<uint?> _vcpus = Opt.Number("--vcpus", 1, FirmwareLimits.MaxVcpus, "Number of vCPUs.");
    private readonly Option<VcpuSignature?> _vcpuType = Opt.Value<VcpuSignature>(
        "--vcpu-type",
        "TYPE",
        "CPU model of the VMM, for example EPYC-Milan. Needed for qemu only.",
        $"one of {string.Join(", ", VcpuSignature.TypeNames)}",
        VcpuSignature.TryFromType);

    private readonly Option<VcpuSignature?> _vcpuSignature = Opt.Value<VcpuSignature>(
        "--vcpu-signature",
        "HEX",
        "Signature of the CPU model instead: EAX of CPUID leaf 1.",
        "a hexadecimal number of 32 bits such as 0x00a00f11",
        TrySignature);

    private readonly Option<FirmwareProfile?> _vmm = Opt.Choice(
        "--vmm",
        "The VMM: qemu (default), ec2, ec2-rdx0 (EC2 as it was before RDX was 0x600), gce.",
        FirmwareProfile.All.Where(p => !p.IsStage1).Select(p => (p.Name, p)).ToArray());

    private readonly Option<ulong?> _features = Opt.HexNumber("--guest-features", "SEV_FEATURES of the vCPUs; default 0x1.");

    private readonly Option<FpuState?> _fpu = Opt.Value<FpuState>(
        "--fpu",
        "reset|zero|mxcsr-only",
        "FPU words that the host writes; default reset for qemu, zero for the others.",
        "reset, zero or mxcsr-only",
        TryFpu);

    private readonly Option<ulong?> _vmsaGpa = Opt.HexNumber(
        "--vmsa-gpa", "Address at which save areas are measured; default 0xfffffffff000. Google's VMM on Genoa: 0xffffffffff000.");

    private readonly Option<Digest384?> _ovmfHash = Opt.Value<Digest384>(
        "--ovmf-hash",
        "HEX",
        "Digest after the firmware's pages, instead of hashing them; the file's table is still read (48 bytes).",
        $"{2 * Digest384.Size} hexadecimal digits, not all zero",
        (string text, out Digest384 value) => Digest384.TryParse(text, out value) && !value.IsZero);

    private readonly Option<string?> _mode = Opt.Choice(
        "--mode", "snp (default), or snp:svsm for the older COCONUT-SVSM launch from a stage 1 image.", [("snp", "snp"), (Svsm, Svsm)]);

    private readonly Option<FileInfo> _svsm = Opt.File("--svsm", "With --mode snp:svsm: the stage 1 image.");
    private readonly Option<uint?> _varsSize = Opt.Number("--vars-size", 0, uint.MaxValue, "With --mode snp:svsm: size of the OVMF variable store in bytes, usually 540672.");

    private Option[] WithoutVcpus => [_ovmf, _kernel, _initrd, _append, _vcpuType, _vcpuSignature, _vmm, _features, _fpu, _vmsaGpa, _mode, _svsm, _varsSize];

    /// <summary>Adds all options to a command that measures.</summary>
    public void AddTo(Command command)
    {
        (_ovmf.Required, _vcpus.Required) = (true, true);
        AddTo(command, [.. WithoutVcpus, _vcpus, _ovmfHash]);
    }

    /// <summary>Adds what a registration needs, without the number of vCPUs, which is a range there, and without what stands for the file's bytes.</summary>
    public void AddToRegistration(Command command)
    {
        AddTo(command, WithoutVcpus);
        command.Validators.Add(result =>
        {
            if (!Opt.IsGiven(result, _ovmf) && WithoutVcpus.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } dependent)
            {
                result.AddError($"{dependent.Name} needs --ovmf");
            }
        });
    }

    /// <summary>True when firmware is to be launched at all.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_ovmf) is not null;

    private void AddTo(Command command, Option[] options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, _vcpuType) && Opt.IsGiven(result, _vcpuSignature))
            {
                result.AddError("--vcpu-type and --vcpu-signature exclude each other");
            }
        });
    }

    /// <summary>Reads the files once the options are found to belong together.</summary>
    public FirmwareLaunch Read(ParseResult parsed, out FirmwareFiles files) =>
        Read(parsed, (int)parsed.GetRequiredValue(_vcpus)!.Value, out files) with { FirmwareDigest = parsed.GetValue(_ovmfHash) };

    /// <summary>The same launch as a registration: the files apart, and the kernel by its hashes. Whether it can be measured is for the service to say.</summary>
    public V1.FirmwareLaunch ReadForRegistration(ParseResult parsed, VcpuRange vcpus, out FileInfo firmware, out FileInfo? svsm)
    {
        FirmwareLaunch launch = Read(parsed, vcpus.Most, out _);
        (firmware, svsm) = (parsed.GetRequiredValue(_ovmf), parsed.GetValue(_svsm));
        V1.FirmwareLaunch result = new()
        {
            Vmm = launch.Profile.Name,
            MinVcpus = (uint)vcpus.Fewest,
            MaxVcpus = (uint)vcpus.Most,
            GuestFeatures = (ulong)launch.Features,
            Fpu = launch.EffectiveFpu.WireName(),
            VmsaGpa = launch.EffectiveVmsaGpa,
            Kernel = launch.Kernel is not { } kernel ? null : new()
            {
                KernelSha256 = ByteString.CopyFrom(kernel.Kernel.Span),
                InitrdSha256 = ByteString.CopyFrom(kernel.Initrd.Span),
                CommandLine = parsed.GetValue(_append) ?? "",
            },
        };
        if (launch.VarsSize is { } size)
        {
            result.VarsSize = (ulong)size;
        }

        if (launch is { Profile.MeasuresCpuSignature: true, Cpu: { } cpu })
        {
            result.CpuSignatures.Add(cpu.Raw);
        }

        return result;
    }

    private FirmwareLaunch Read(ParseResult parsed, int vcpus, out FirmwareFiles files)
    {
        FirmwareProfile profile = Profile(parsed);
        VcpuSignature? cpu = parsed.GetValue(_vcpuType) ?? parsed.GetValue(_vcpuSignature);
        if (profile.MeasuresCpuSignature && cpu is null)
        {
            throw CommandFailure.Usage("--vcpu-type or --vcpu-signature is needed: QEMU's vCPUs start with the signature of their model");
        }

        if (parsed.GetValue(_kernel) is null && (parsed.GetValue(_initrd) is not null || !string.IsNullOrEmpty(parsed.GetValue(_append))))
        {
            throw CommandFailure.Usage("--initrd and --append need --kernel: they are measured by kernel hashes only");
        }

        files = FirmwareFiles.Read(parsed.GetRequiredValue(_ovmf), parsed.GetValue(_svsm));
        return new FirmwareLaunch
        {
            Profile = profile,
            Firmware = files.Firmware.Image,
            Svsm = files.Svsm?.Image,
            VarsSize = parsed.GetValue(_varsSize),
            Kernel = FirmwareFiles.HashKernel(parsed.GetValue(_kernel), parsed.GetValue(_initrd), parsed.GetValue(_append)),
            Vcpus = vcpus,
            Cpu = cpu,
            Features = (SevFeatures)(parsed.GetValue(_features) ?? (ulong)SevFeatures.SnpActive),
            Fpu = parsed.GetValue(_fpu),
            VmsaGpa = parsed.GetValue(_vmsaGpa),
        };
    }

    private FirmwareProfile Profile(ParseResult parsed)
    {
        FirmwareProfile vmm = parsed.GetValue(_vmm) ?? FirmwareProfile.QemuKvm;
        bool isSvsm = parsed.GetValue(_mode) == Svsm;
        bool hasSvsm = parsed.GetValue(_svsm) is not null, hasSize = parsed.GetValue(_varsSize) is not null;
        if (!isSvsm)
        {
            return hasSvsm || hasSize ? throw CommandFailure.Usage($"--svsm and --vars-size need --mode {Svsm}") : vmm;
        }

        if (vmm != FirmwareProfile.QemuKvm)
        {
            throw CommandFailure.Usage($"--mode {Svsm} exists for qemu only");
        }

        if (!hasSvsm || !hasSize)
        {
            throw CommandFailure.Usage($"--mode {Svsm} needs --svsm and --vars-size");
        }

        return parsed.GetValue(_kernel) is null ? FirmwareProfile.Stage1Svsm : throw CommandFailure.Usage($"--mode {Svsm} measures no kernel");
    }

    private static bool TrySignature(string text, out VcpuSignature value)
    {
        bool holds = Opt.TryHexNumber(text, out ulong number) && number <= uint.MaxValue;
        value = new VcpuSignature(holds ? (uint)number : 0);
        return holds;
    }

    private static bool TryFpu(string text, out FpuState value)
    {
        FpuState[] found = [.. FpuStates.All.Where(s => s.WireName() == text)];
        value = found.FirstOrDefault();
        return found.Length == 1;
    }
}
