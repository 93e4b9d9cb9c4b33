using System.CommandLine;
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

/// <summary><c>idblock create</c>: signs an ID block for one launch.</summary>
internal sealed class IdBlockCreateCommand
{
    private readonly Option<Digest384?> _measurement = LaunchOptions.Measurement("Launch measurement of the guest", required: true);
    private readonly Option<GuestPolicy?> _policy = LaunchOptions.Policy("Guest policy of the launch, for example 0x30000.", required: true);
    private readonly Option<HexBytes?> _familyId = Opt.Hex("--family-id", IdBlock.IdentifierSize, "Family id, of the signer's choice; default zero");
    private readonly Option<HexBytes?> _imageId = Opt.Hex("--image-id", IdBlock.IdentifierSize, "Image id, of the signer's choice; default zero");
    private readonly Option<uint?> _svn = Opt.Number("--svn", 0, uint.MaxValue, "Security version of the guest, for verifiers that demand a least one; default 0.");
    private readonly Option<FileInfo> _idKey = Opt.File("--id-key", "Signs the ID block: private key on P-384 in PEM, SEC 1 or PKCS #8.", required: true);
    private readonly Option<FileInfo> _authorKey = Opt.File("--author-key", "Signs the ID key: private key on P-384 in PEM.");
    private readonly Option<FileInfo> _outBlock = Opt.File("--out-block", "Where to write the ID block, 96 bytes.", required: true);
    private readonly Option<FileInfo> _outAuth = Opt.File("--out-auth", "Where to write the ID authentication page, 4096 bytes.", required: true);
    private readonly Option<bool> _base64 = Opt.Flag("--base64", "Write both files in base64, as QEMU's sev-snp-guest object takes them.");
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
            "verifierctl idblock create --measurement $DIGEST --policy 0x30000 --id-key id.pem --author-key author.pem --base64 --out-block block.b64 --out-auth auth.b64")
        {
            create._measurement, create._policy, create._familyId, create._imageId, create._svn, create._idKey, create._authorKey,
            create._outBlock, create._outAuth, create._base64, create._format,
        };
        command.SetAction(parsed => (int)create.Run(parsed, context));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CliContext context)
    {
        GuestPolicy policy = parsed.GetRequiredValue(_policy)!.Value;
        if (!IdBlock.TryCreate(
            parsed.GetRequiredValue(_measurement)!.Value,
            parsed.GetValue(_familyId),
            parsed.GetValue(_imageId),
            parsed.GetValue(_svn) ?? 0,
            policy,
            out IdBlock? block,
            out IdBlockFault fault))
        {
            throw CommandFailure.Usage(fault.ToString());
        }

        P384PrivateKey idKey = SigningKeyFile.Read(parsed.GetRequiredValue(_idKey));
        P384PrivateKey? authorKey = parsed.GetValue(_authorKey) is { } author ? SigningKeyFile.Read(author) : null;
        IdAuth auth = IdAuth.Sign(block, idKey, authorKey);
        OutputFile.Write(parsed.GetRequiredValue(_outBlock), Encoded(block.ToArray(), parsed));
        OutputFile.Write(parsed.GetRequiredValue(_outAuth), Encoded(auth.ToArray(), parsed));

        IdBlockFilesView view = IdBlockFilesView.Of(block, auth, [], auth.Verify(block), null);
        if (parsed.GetValue(_format) == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.IdBlockFilesView));
        }
        else
        {
            IdBlockText.Write(new Page(context.Out, context.UseColor), view);
        }

        if (policy.Has(GuestPolicyBits.Debug))
        {
            context.Error.WriteLine("note: the policy lets the host read the guest's memory; verifiers refuse such a guest unless they are told otherwise");
        }

        return ExitCode.Success;
    }

    private byte[] Encoded(byte[] bytes, ParseResult parsed) => parsed.GetValue(_base64) ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;
}
