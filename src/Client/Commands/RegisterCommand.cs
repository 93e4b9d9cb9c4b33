using System.CommandLine;
using Google.Protobuf;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>register</c>: a release, its launch measurements, and what must hold together with them.</summary>
internal sealed class RegisterCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "Id of the reference value: 1 to 63 lower-case letters, digits and hyphens." };
    private readonly Option<IReadOnlyList<Digest384>> _measurements = Opt.Digests("--measurement", "Launch measurement, 48 bytes (repeatable).", required: true);
    private readonly Option<string> _image = Opt.Text("--image", "NAME", "Image, for example coconut-svsm.", required: true);
    private readonly Option<string> _version = Opt.Text("--version", "TEXT", "Version of the image, for example 2026.11.", required: true);
    private readonly Option<LaunchKind> _kind = Opt.Kind("--kind", "Kind of launch: svsm-igvm, igvm, stage1 or ovmf.");
    private readonly Option<string> _profile = Opt.Text("--profile", "NAME", "Launch profile that the measurements were made for.");
    private readonly Option<uint?> _vcpus = Opt.Number("--vcpus", 1, 4096, "Number of vCPUs that the measurements were made for.");
    private readonly Option<DateTimeOffset?> _expires = Opt.Time("--expires", "From this time on it never matches.");
    private readonly Option<string> _repository = Opt.Text("--repository", "TEXT", "Repository it was built from.");
    private readonly Option<string> _commit = Opt.Text("--commit", "TEXT", "Commit it was built from.");
    private readonly Option<string> _buildUrl = Opt.Text("--build-url", "URL", "Page of the build.");
    private readonly ExpectationOptions _expectations = new();
    private readonly SignerOptions _signer = new();

    private RegisterCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        RegisterCommand register = new();
        ExampleCommand command = new(
            "register",
            "Registers the expected launch measurements of a release.",
            "verifierctl register coconut-2026-11 --measurement $DIGEST --image coconut-svsm --version 2026.11 --kind svsm-igvm --token-file registrar-token");
        command.Add(register._id);
        foreach (Option option in register.Options)
        {
            command.Add(option);
        }

        register._expectations.AddTo(command);
        register._signer.AddTo(command);
        RegistryAction action = new(changes: true);
        return action.Complete(command, async (parsed, registry, call) =>
        {
            V1.CreateReferenceValueRequest request = new()
            {
                Parent = RegistryNames.Parent(action.Tenant(parsed)),
                ReferenceValueId = parsed.GetRequiredValue(register._id),
                ReferenceValue = register.Value(parsed),
                RequestId = Guid.NewGuid().ToString(),
            };
            V1.CreateReferenceValueResponse response = await registry.CreateReferenceValueAsync(request, call());
            ReferenceOutput.Write(context, ReferenceValueView.Of(response.ReferenceValue), action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private Option[] Options => [_measurements, _image, _version, _kind, _profile, _vcpus, _expires, _repository, _commit, _buildUrl];

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
        };
        foreach (Digest384 digest in parsed.GetRequiredValue(_measurements))
        {
            V1.LaunchMeasurement measurement = new() { Digest = ByteString.CopyFrom(digest.ToArray()), Profile = parsed.GetValue(_profile) ?? "" };
            if (parsed.GetValue(_vcpus) is { } count)
            {
                measurement.VcpuCount = count;
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
