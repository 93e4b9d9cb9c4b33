using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>idblock create</c>: signs an ID block for one launch, stated by measurement and policy or as an IGVM file.</summary>
internal sealed class IdBlockCreateCommand
{
    private readonly Option<Digest384?> _measurement = LaunchOptions.Measurement("Launch measurement of the guest");
    private readonly Option<GuestPolicy?> _policy = LaunchOptions.Policy("Guest policy of the launch, for example 0x30000.");
    private readonly Option<FileInfo> _igvm = Opt.File("--igvm", "The guest as an IGVM file, instead of --measurement and --policy.");
    private readonly Option<LaunchProfile?> _profile = LaunchOptions.Profile("How the IGVM file will be launched: spec (default), qemu-kvm, hyperv or vanadium.");
    private readonly Option<HexBytes?> _familyId = Opt.Hex("--family-id", IdBlock.IdentifierSize, "Family id, of the signer's choice; default zero");
    private readonly Option<HexBytes?> _imageId = Opt.Hex("--image-id", IdBlock.IdentifierSize, "Image id, of the signer's choice; default zero");
    private readonly Option<uint?> _svn = Opt.Number("--svn", 0, uint.MaxValue, "Security version of the guest, for verifiers that demand a least one; default 0.");
    private readonly Option<FileInfo> _idKey = Opt.File("--id-key", "Signs the ID block: private key on P-384 in PEM, SEC 1 or PKCS #8.", required: true);
    private readonly Option<FileInfo> _authorKey = Opt.File("--author-key", "Signs the ID key: private key on P-384 in PEM.");
    private readonly Option<FileInfo> _outBlock = Opt.File("--out-block", "Where to write the ID block, 96 bytes.");
    private readonly Option<FileInfo> _outAuth = Opt.File("--out-auth", "Where to write the ID authentication page, 4096 bytes.");
    private readonly Option<FileInfo> _outIgvm = Opt.File("--out-igvm", "Where to write the IGVM file with the ID block in it.");
    private readonly Option<bool> _base64 = Opt.Flag("--base64", "Write block and page in base64, as QEMU's sev-snp-guest object takes them.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private IdBlockCreateCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        IdBlockCreateCommand create = new();
        ExampleCommand command = new(
            "create",
            "Signs an ID block for one launch. The same input gives the same bytes.",
            "verifierctl idblock create --measurement $DIGEST --policy 0x30000 --svn 3 --id-key id.pem --out-block block.bin --out-auth auth.bin",
            "verifierctl idblock create --measurement $DIGEST --policy 0x30000 --id-key id.pem --author-key author.pem --base64 --out-block block.b64 --out-auth auth.b64",
            "verifierctl idblock create --igvm coconut-qemu.igvm --profile qemu-kvm --svn 3 --id-key id.pem --out-igvm coconut-signed.igvm")
        {
            create._measurement, create._policy, create._igvm, create._profile, create._familyId, create._imageId, create._svn, create._idKey, create._authorKey,
            create._outBlock, create._outAuth, create._outIgvm, create._base64, create._format,
        };
        command.Validators.Add(create.Validate);
        command.SetAction(parsed => (int)create.Run(parsed, context));
        return command;
    }

    private void Validate(CommandResult result)
    {
        bool Has(Option option) => Opt.IsGiven(result, option);
        bool Same(Option one, Option other) => Has(one) == Has(other);
        if (Has(_igvm) ? Has(_measurement) || Has(_policy) : !Has(_measurement) || !Has(_policy))
        {
            result.AddError("give either --measurement and --policy, or --igvm, which states both");
        }
        else if (!Has(_igvm) && new Option[] { _profile, _outIgvm }.FirstOrDefault(Has) is { } dependent)
        {
            result.AddError($"{dependent.Name} has a meaning only with --igvm");
        }
        else if (!Same(_outBlock, _outAuth))
        {
            result.AddError("--out-block and --out-auth need each other: neither is of use alone");
        }
        else if (!Has(_outBlock) && !Has(_outIgvm))
        {
            result.AddError($"give --out-block and --out-auth{(Has(_igvm) ? ", or --out-igvm" : "")}");
        }
        else if (Has(_base64) && !Has(_outBlock))
        {
            result.AddError("--base64 has a meaning only with --out-block and --out-auth");
        }
    }

    // One output over another, or over a key, would end in success with something lost.
    private void DemandDifferentFiles(ParseResult parsed)
    {
        string[] written = [.. new[] { _outBlock, _outAuth, _outIgvm }.Select(o => parsed.GetValue(o)?.FullName).OfType<string>()];
        string[] keys = [.. new[] { _idKey, _authorKey }.Select(o => parsed.GetValue(o)?.FullName).OfType<string>()];
        if (written.Distinct(StringComparer.Ordinal).Count() < written.Length || written.Intersect(keys, StringComparer.Ordinal).Any())
        {
            throw CommandFailure.Usage("--out-block, --out-auth and --out-igvm must name different files, and none that holds a key");
        }
    }

    private ExitCode Run(ParseResult parsed, CliContext context)
    {
        DemandDifferentFiles(parsed);
        using MappedIgvmFile? igvm = parsed.GetValue(_igvm) is { } file ? MappedIgvmFile.Open(file) : null;
        IReadOnlyList<LaunchProfile>? profiles = null;
        IdBlock block = igvm is null ? OfStatedLaunch(parsed) : IgvmIdBlocks.Create(igvm, parsed.GetValue(_profile) ?? LaunchProfile.Spec, Ids(parsed), out profiles);
        P384PrivateKey idKey = SigningKeyFile.Read(parsed.GetRequiredValue(_idKey));
        P384PrivateKey? authorKey = parsed.GetValue(_authorKey) is { } author ? SigningKeyFile.Read(author) : null;
        IdAuth auth = IdAuth.Sign(block, idKey, authorKey);
        if (igvm is not null && parsed.GetValue(_outIgvm) is { } target)
        {
            IgvmIdBlocks.WriteWith(igvm, block, auth, target);
        }

        if (parsed.GetValue(_outBlock) is { } outBlock)
        {
            OutputFile.WriteTogether((outBlock, Encoded(block.ToArray(), parsed)), (parsed.GetRequiredValue(_outAuth), Encoded(auth.ToArray(), parsed)));
        }

        Show(parsed, context, IdBlockFilesView.Of(block, auth, [], auth.Verify(block), profiles is null ? null : IdBlockMatch.Matches) with
        {
            LaunchProfiles = profiles is null ? null : [.. profiles.Select(p => p.WireName())],
        });
        if (block.Policy.Has(GuestPolicyBits.Debug))
        {
            context.Error.WriteLine("note: the policy lets the host read the guest's memory; verifiers refuse such a guest unless they are told otherwise");
        }

        return ExitCode.Success;
    }

    private IdBlock OfStatedLaunch(ParseResult parsed)
    {
        (HexBytes? family, HexBytes? image, uint svn) = Ids(parsed);
        return IdBlock.TryCreate(
            parsed.GetRequiredValue(_measurement)!.Value, family, image, svn, parsed.GetRequiredValue(_policy)!.Value, out IdBlock? block, out IdBlockFault fault)
            ? block
            : throw CommandFailure.Usage(fault.ToString());
    }

    private (HexBytes? Family, HexBytes? Image, uint Svn) Ids(ParseResult parsed) =>
        (parsed.GetValue(_familyId), parsed.GetValue(_imageId), parsed.GetValue(_svn) ?? 0);

    private byte[] Encoded(byte[] bytes, ParseResult parsed) => parsed.GetValue(_base64) ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;

    private void Show(ParseResult parsed, CliContext context, IdBlockFilesView view)
    {
        if (parsed.GetValue(_format) == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.IdBlockFilesView));
        }
        else
        {
            IdBlockText.Write(new Page(context.Out, context.UseColor), view);
        }
    }
}
