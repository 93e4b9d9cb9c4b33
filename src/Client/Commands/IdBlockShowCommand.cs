using System.CommandLine;
using System.Text.Json;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>idblock show</c>: what an ID block says, who signed it, and whether it is for a launch.</summary>
internal static class IdBlockShowCommand
{
    public static Command Create(CliContext context)
    {
        Argument<FileInfo[]> files = new("FILE")
        {
            Description = "ID block, ID authentication page (as bytes or in base64) and public keys in PEM, in any order; or one IGVM file.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<Digest384?> measurement = LaunchOptions.Measurement("Tell whether the ID block is for this launch measurement; needs --policy");
        Option<GuestPolicy?> policy = LaunchOptions.Policy("Tell whether the ID block is for this guest policy; needs --measurement.");
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "show",
            "Shows an ID block and its signers. Exit code: 3 when a signature is bad, 4 when the ID block is not for the launch.",
            "verifierctl idblock show block.bin auth.bin",
            "verifierctl idblock show block.bin auth.bin --measurement $DIGEST --policy 0x30000",
            "verifierctl idblock show coconut-qemu.igvm",
            "verifierctl idblock show id-key-public.pem")
        {
            files, measurement, policy, format,
        };
        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, measurement) != Opt.IsGiven(result, policy))
            {
                result.AddError("--measurement and --policy need each other: an ID block is for both");
            }
        });
        command.SetAction(parsed =>
        {
            (IdBlockFiles given, string? refusal, IReadOnlyList<LaunchProfile>? profiles) = Read(parsed.GetRequiredValue(files));
            IdBlockMatch? match = parsed.GetValue(measurement) is { } digest && parsed.GetValue(policy) is { } bits
                ? (given.Block ?? throw CommandFailure.Usage("--measurement and --policy have a meaning only with an ID block")).Compare(digest, bits)
                : profiles is null ? null : profiles.Count > 0 ? IdBlockMatch.Matches : IdBlockMatch.MeasurementDiffers;
            IdAuthOutcome? outcome = given is { Block: { } signed, Auth: { } auth } ? auth.Verify(signed) : null;
            IdBlockFilesView view = IdBlockFilesView.Of(given.Block, given.Auth, given.Keys, outcome, match) with
            {
                Refusal = refusal,
                LaunchProfiles = profiles is null ? null : [.. profiles.Select(p => p.WireName())],
            };
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.IdBlockFilesView));
            }
            else
            {
                IdBlockText.Write(new Page(context.Out, context.UseColor), view);
            }

            return (int)Code(refusal, outcome, match);
        });
        return command;
    }

    private static IgvmIdBlocks Read(FileInfo[] files) => files switch
    {
        [var only] when MappedIgvmFile.IsIgvm(only) => IgvmIdBlocks.Read(only),
        _ when Array.Find(files, MappedIgvmFile.IsIgvm) is { } igvm => throw CommandFailure.Usage($"{igvm}: an IGVM file is shown alone"),
        _ => new IgvmIdBlocks(IdBlockFiles.Read(files), null, null),
    };

    private static ExitCode Code(string? refusal, IdAuthOutcome? outcome, IdBlockMatch? match) => (refusal, outcome, match) switch
    {
        (not null, _, _) => ExitCode.Malformed,
        (_, not null and not IdAuthOutcome.Valid, _) => ExitCode.NotAuthentic,
        (_, _, not null and not IdBlockMatch.Matches) => ExitCode.Refused,
        _ => ExitCode.Success,
    };
}
