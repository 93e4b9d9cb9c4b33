using System.CommandLine;

namespace Verifier.Client.Commands;

/// <summary><c>measure</c>: what a report's measurement must be, computed from the files of a launch.</summary>
internal static class MeasureCommand
{
    public static Command Create(CliContext context) => new("measure", "Computes launch measurements from files, here and without a service.")
    {
        MeasureFirmwareCommand.Create(context),
        MeasureIgvmCommand.Create(context),
    };
}
