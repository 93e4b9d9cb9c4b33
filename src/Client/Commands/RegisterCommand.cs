using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary>
/// <c>register</c>: a release, its launch measurements or the IGVM file that the service computes them from, and what must hold together
/// with them.
/// </summary>
internal sealed class RegisterCommand
{
    private const string FileEnding = ".igvm";

    private readonly Argument<string> _id = new("ID|FILE.igvm")
    {
        Description = "Id of the reference value: 1 to 63 lower-case letters, digits and hyphens. Or an IGVM file, under the id IMAGE-VERSION.",
    };

    private readonly Option<FileInfo> _igvm = Opt.File("--igvm", "IGVM file that the service computes the measurements from.");
    private readonly Option<IReadOnlyList<uint>> _vmsas = Opt.Numbers(
        "--vmsas", 1, 4096, "Number of save areas that are measured, for an IGVM file under a --profile (repeatable). Default: those in the file.");

    private readonly Option<string> _zeroPages = Opt.Word(
        "--zero-pages", "normal|native", "Type of pages without content, for an IGVM file under a --profile. Default: that of the profile.", "normal", "native");

    private readonly Option<IReadOnlyList<Digest384>> _measurements = Opt.Digests(
        "--measurement", "Launch measurement, 48 bytes (repeatable). With an IGVM file: must be among the computed ones.");

    private readonly Option<string> _image = Opt.Text("--image", "NAME", "Image, for example coconut-svsm.", required: true);
    private readonly Option<string> _version = Opt.Text("--version", "TEXT", "Version of the image, for example 2026.11.", required: true);
    private readonly Option<LaunchKind> _kind = Opt.Kind("--kind", "Kind of launch: svsm-igvm, igvm, stage1 or ovmf.");
    private readonly Option<IReadOnlyList<string>> _profiles = Opt.Texts(
        "--profile", "NAME", "Launch profile that the measurements were made for; or those to register an IGVM file for (repeatable), in place of all that can occur.");

    private readonly Option<VcpuRange?> _vcpus = Opt.Value<VcpuRange>(
        "--vcpus",
        "N|MIN-MAX",
        "Number of vCPUs that the measurements were made for; with --ovmf, the numbers to register for.",
        "a number from 1 to 4096, or two with a hyphen between them",
        VcpuRange.TryParse);

    private readonly FirmwareLaunchOptions _firmware = new();
    private readonly Option<DateTimeOffset?> _expires = Opt.Time("--expires", "From this time on it never matches.");
    private readonly Option<string> _repository = Opt.Text("--repository", "TEXT", "Repository it was built from.");
    private readonly Option<string> _commit = Opt.Text("--commit", "TEXT", "Commit it was built from.");
    private readonly Option<string> _buildUrl = Opt.Text("--build-url", "URL", "Page of the build.");
    private readonly ExpectationOptions _expectations = new();
    private readonly SignerOptions _signer = new();
    private readonly Option<bool> _bySigner = Opt.Flag("--accept-by-signer", "Accept whatever the named key has signed for the named family and image, instead of measurements.");
    private readonly Option<bool> _dryRun = Opt.Flag("--dry-run", "Say how it would end, and register nothing.");
    private readonly EvidenceOptions _evidence = new("--from-report", required: false);

    private RegisterCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        RegisterCommand register = new();
        ExampleCommand command = new(
            "register",
            "Registers the expected launch measurements of a release.",
            "verifierctl register coconut-2026-11 --measurement $DIGEST --image coconut-svsm --version 2026.11 --kind svsm-igvm",
            "verifierctl register coconut.igvm --image coconut-svsm --version 2026.11 --kind svsm-igvm",
            "verifierctl register edk2-2026 --ovmf OVMF.amdsev.fd --vcpus 1-64 --vcpu-type EPYC-v4 --image edk2 --version 2026 --kind ovmf");
        command.Add(register._id);
        foreach (Option option in register.Options)
        {
            command.Add(option);
        }

        register._expectations.AddTo(command);
        register._signer.AddTo(command);
        register._evidence.AddTo(command);
        register._firmware.AddToRegistration(command);
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(command, c => c.Registry, async (parsed, registry, call) =>
        {
            string parent = ResourceNames.Parent(action.Tenant(parsed));
            V1.ReferenceValue value = register._evidence.IsGiven(parsed)
                ? (await registry.ObserveReferenceValueAsync(register.Observation(parsed, parent), call())).ReferenceValue
                : register._firmware.IsGiven(parsed)
                ? await register.SendFirmwareAsync(parsed, parent, registry, call, context)
                : register.File(parsed) is { } file
                ? await IgvmUpload.SendAsync(registry, call(), register.Registration(parsed, parent), file, (sent, total) => Progress(context, file, sent, total))
                : (await registry.CreateReferenceValueAsync(register.Creation(parsed, parent), call())).ReferenceValue;
            ReferenceOutput.Write(context, ReferenceValueView.Of(value) with { DryRun = parsed.GetValue(register._dryRun) ? true : null }, action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private Task<V1.ReferenceValue> SendFirmwareAsync(
        ParseResult parsed, string parent, V1.RegistryService.RegistryServiceClient registry, Func<CallOptions> call, CliContext context)
    {
        V1.FirmwareRegistration registration = Firmware(parsed, parent, out FileInfo firmware, out FileInfo? svsm);
        return FirmwareUpload.SendAsync(registry, call(), registration, firmware, svsm, (file, sent, total) => Progress(context, file, sent, total));
    }

    private Option[] Options => [_measurements, _igvm, _image, _version, _kind, _profiles, _vcpus, _vmsas, _zeroPages, _expires, _repository, _commit, _buildUrl, _bySigner, _dryRun];

    private static void Progress(CliContext context, FileInfo file, long sent, long total)
    {
        if (context.ShowProgress)
        {
            context.Error.Write($"\r{SafeText.Of(file.Name)}: {100 * sent / Math.Max(1, total)}% sent{(sent == total ? ", being measured\n" : "")}");
        }
    }

    // No id has a dot in it.
    private FileInfo? File(ParseResult parsed) => (parsed.GetValue(_igvm), parsed.GetRequiredValue(_id)) switch
    {
        ({ } file, _) => file,
        (null, var name) when name.EndsWith(FileEnding, StringComparison.Ordinal) => new FileInfo(name),
        _ => null,
    };

    private string Id(ParseResult parsed)
    {
        string id = parsed.GetRequiredValue(_id);
        return parsed.GetValue(_igvm) is null && id.EndsWith(FileEnding, StringComparison.Ordinal)
            ? DefaultId($"{parsed.GetRequiredValue(_image)}-{parsed.GetRequiredValue(_version)}")
            : id;
    }

    private static string DefaultId(string name) =>
        string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');

    private V1.IgvmRegistration Registration(ParseResult parsed, string parent)
    {
        if (parsed.GetValue(_vcpus) is not null)
        {
            throw CommandFailure.Usage("--vcpus does not go with an IGVM file", "--vmsas states how many save areas are measured");
        }

        if (parsed.GetValue(_bySigner))
        {
            throw CommandFailure.Usage("--accept-by-signer does not go with an IGVM file", "register the file and the signer as two reference values");
        }

        V1.ReferenceValue value = Value(parsed);
        V1.IgvmRegistration registration = new()
        {
            Parent = parent,
            ReferenceValueId = Id(parsed),
            Image = value.Image,
            Version = value.Version,
            Kind = value.Kind,
            Constraints = value.Constraints,
            Provenance = value.Provenance,
            ExpireTime = value.ExpireTime,
            RequestId = Guid.NewGuid().ToString(),
            ValidateOnly = parsed.GetValue(_dryRun),
        };
        registration.AssertedDigests.AddRange(value.Measurements.Select(m => m.Digest));
        registration.Launches.AddRange(Launches(parsed));
        return registration;
    }

    // Each profile with each number of save areas.
    private IEnumerable<V1.IgvmLaunch> Launches(ParseResult parsed)
    {
        IReadOnlyList<uint> counts = parsed.GetRequiredValue(_vmsas);
        V1.IgvmLaunch.Types.ZeroPages zero = parsed.GetValue(_zeroPages) switch
        {
            "normal" => V1.IgvmLaunch.Types.ZeroPages.Normal,
            "native" => V1.IgvmLaunch.Types.ZeroPages.Native,
            _ => default,
        };
        IReadOnlyList<string> profiles = parsed.GetRequiredValue(_profiles);
        if (profiles.Count == 0 && (counts.Count > 0 || zero != default))
        {
            throw CommandFailure.Usage("--vmsas and --zero-pages need --profile");
        }

        foreach (string profile in profiles)
        {
            if (counts.Count == 0)
            {
                yield return new V1.IgvmLaunch { Profile = profile, ZeroPages = zero };
            }

            foreach (uint count in counts)
            {
                yield return new V1.IgvmLaunch { Profile = profile, ZeroPages = zero, Vmsas = count };
            }
        }
    }

    private V1.FirmwareRegistration Firmware(ParseResult parsed, string parent, out FileInfo firmware, out FileInfo? svsm)
    {
        if (File(parsed) is not null || IsLaunchStated(parsed) || parsed.GetValue(_bySigner))
        {
            throw CommandFailure.Usage("--ovmf goes without an IGVM file, --profile, --vmsas, --zero-pages and --accept-by-signer");
        }

        VcpuRange vcpus = parsed.GetValue(_vcpus) ?? throw CommandFailure.Usage("--ovmf needs --vcpus", "give a number, or a range such as 1-64");
        V1.FirmwareLaunch launch = _firmware.ReadForRegistration(parsed, vcpus, out firmware, out svsm);
        V1.ReferenceValue value = Value(parsed);
        V1.FirmwareRegistration registration = new()
        {
            Parent = parent,
            ReferenceValueId = Id(parsed),
            Image = value.Image,
            Version = value.Version,
            Kind = value.Kind,
            Constraints = value.Constraints,
            Provenance = value.Provenance,
            ExpireTime = value.ExpireTime,
            Launch = launch,
            RequestId = Guid.NewGuid().ToString(),
            ValidateOnly = parsed.GetValue(_dryRun),
        };
        registration.AssertedDigests.AddRange(value.Measurements.Select(m => m.Digest));
        return registration;
    }

    private V1.ObserveReferenceValueRequest Observation(ParseResult parsed, string parent)
    {
        if (parsed.GetRequiredValue(_measurements).Count > 0 || File(parsed) is not null || parsed.GetValue(_bySigner) || _firmware.IsGiven(parsed))
        {
            throw CommandFailure.Usage("--from-report goes with neither --measurement, an IGVM file, --ovmf nor --accept-by-signer");
        }

        if (IsLaunchStated(parsed) || parsed.GetValue(_vcpus) is not null)
        {
            throw CommandFailure.Usage("--profile, --vcpus, --vmsas and --zero-pages do not go with --from-report", "a report does not tell how its guest was launched");
        }

        return new()
        {
            Parent = parent,
            ReferenceValueId = Id(parsed),
            ReferenceValue = Value(parsed),
            Evidence = new V1.Evidence { Snp = VerifyRequests.Evidence(_evidence.Read(parsed)) },
            RequestId = Guid.NewGuid().ToString(),
            ValidateOnly = parsed.GetValue(_dryRun),
        };
    }

    private bool IsLaunchStated(ParseResult parsed) =>
        parsed.GetRequiredValue(_profiles).Count > 0 || parsed.GetRequiredValue(_vmsas).Count > 0 || parsed.GetValue(_zeroPages) is not null;

    private V1.CreateReferenceValueRequest Creation(ParseResult parsed, string parent)
    {
        bool bySigner = parsed.GetValue(_bySigner);
        if (parsed.GetRequiredValue(_measurements).Count == 0 && !bySigner)
        {
            throw CommandFailure.Usage("nothing says what to register", "give --measurement, an IGVM file, --ovmf, or --accept-by-signer");
        }

        if (bySigner && (parsed.GetRequiredValue(_measurements).Count > 0 || IsLaunchStated(parsed) || parsed.GetValue(_vcpus) is not null))
        {
            throw CommandFailure.Usage("--accept-by-signer goes without --measurement, --profile and --vcpus", "register measurements as another reference value");
        }

        if (parsed.GetValue(_vcpus) is { } vcpus && vcpus.Fewest != vcpus.Most)
        {
            throw CommandFailure.Usage("a range of --vcpus goes with --ovmf only", "a measurement is made for one number of vCPUs");
        }

        if (parsed.GetRequiredValue(_vmsas).Count > 0 || parsed.GetValue(_zeroPages) is not null)
        {
            throw CommandFailure.Usage("--vmsas and --zero-pages go with an IGVM file only", "--vcpus states what measurements were made for");
        }

        if (parsed.GetRequiredValue(_profiles).Count > 1)
        {
            throw CommandFailure.Usage("several --profile go with an IGVM file only", "a measurement is made for one");
        }

        return new() { Parent = parent, ReferenceValueId = Id(parsed), ReferenceValue = Value(parsed), RequestId = Guid.NewGuid().ToString(), ValidateOnly = parsed.GetValue(_dryRun) };
    }

    private V1.ReferenceValue Value(ParseResult parsed)
    {
        V1.ReferenceValue value = new()
        {
            Image = parsed.GetRequiredValue(_image),
            Version = parsed.GetRequiredValue(_version),
            Kind = VerifyRequests.Kind(parsed.GetValue(_kind)),
            Constraints = Constraints(parsed),
            Provenance = Provenance(parsed),
            ExpireTime = parsed.GetValue(_expires) is { } end ? Timestamp.FromDateTimeOffset(end) : null,
            AcceptBySigner = parsed.GetValue(_bySigner),
        };
        foreach (Digest384 digest in parsed.GetRequiredValue(_measurements))
        {
            V1.LaunchMeasurement measurement = new() { Digest = ByteString.CopyFrom(digest.ToArray()), Profile = parsed.GetRequiredValue(_profiles) is [var profile] ? profile : "" };
            if (parsed.GetValue(_vcpus) is { } vcpus)
            {
                measurement.VcpuCount = (uint)vcpus.Most;
            }

            value.Measurements.Add(measurement);
        }

        return value;
    }

    private V1.Constraints? Constraints(ParseResult parsed)
    {
        V1.Constraints? constraints = VerifyRequests.Constraints(_expectations.Read(parsed));
        if (_signer.Read(parsed) is { } signer)
        {
            constraints ??= new V1.Constraints();
            constraints.Signer = signer;
        }

        return constraints;
    }

    private V1.Provenance? Provenance(ParseResult parsed)
    {
        V1.Provenance provenance = new()
        {
            Repository = parsed.GetValue(_repository) ?? "",
            Commit = parsed.GetValue(_commit) ?? "",
            BuildUrl = parsed.GetValue(_buildUrl) ?? "",
        };
        return provenance.CalculateSize() == 0 ? null : provenance;
    }
}
