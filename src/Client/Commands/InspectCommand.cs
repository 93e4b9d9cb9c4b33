using System.CommandLine;

namespace Verifier.Client.Commands;

/// <summary><c>inspect</c>: shows what is in a file, and believes nothing of it.</summary>
internal static class InspectCommand
{
    public static Command Create(CliContext context) => new ExampleCommand(
        "inspect", "Shows what a file says. Nothing is verified unless asked for.", "verifierctl inspect report report.bin", "verifierctl inspect cert vcek.der")
    {
        InspectReportCommand.Create(context),
        InspectCertCommand.Create(context),
        InspectIgvmCommand.Create(context),
    };
}
