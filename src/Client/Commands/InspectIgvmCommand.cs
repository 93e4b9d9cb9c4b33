using System.CommandLine;
using System.Text.Json;
using Verifier.Client.Input;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>inspect igvm</c>: what is in an IGVM file, for which platforms, and what is wrong with it.</summary>
internal static class InspectIgvmCommand
{
    public static Command Create(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "The IGVM file." };
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "igvm",
            "Shows platforms, pages, policy and ID block of an IGVM file, and what is wrong with it.",
            "verifierctl inspect igvm coconut-qemu.igvm",
            "verifierctl inspect igvm coconut-qemu.igvm --format json")
        {
            file, format,
        };
        command.SetAction(parsed =>
        {
            FileInfo given = parsed.GetRequiredValue(file);
            using MappedIgvmFile mapped = MappedIgvmFile.Open(given);
            InspectedIgvmView view = InspectedIgvmView.Of(given.ToString(), mapped.Content, IdBlock(given, out string? finding), finding);
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.InspectedIgvmView));
            }
            else
            {
                InspectedIgvmText.Write(new Page(context.Out, context.UseColor), view);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }

    // A malformed ID block is one finding more: the rest of the file can be shown.
    private static IgvmIdBlocks? IdBlock(FileInfo file, out string? finding)
    {
        try
        {
            finding = null;
            return IgvmIdBlocks.Read(file) is { Files.Block: not null } found ? found : null;
        }
        catch (CommandFailure failure)
        {
            finding = failure.Fault is { } fault ? $"SNP_ID_BLOCK: {fault.Field}: {fault.Rule}" : failure.Message;
            return null;
        }
    }
}
