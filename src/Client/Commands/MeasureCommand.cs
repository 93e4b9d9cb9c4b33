using System.CommandLine;

namespace Verifier.Client.Commands;

/// <summary><c>measure</c>: what a report's measurement must be, computed from the files of a launch.</summary>
internal static class MeasureCommand
{
    public static Command Create(CliContext context) => new ExampleCommand(
        "measure",
        "Computes launch measurements from files, here and without a service.",
        "verifierctl measure igvm coconut-qemu.igvm --profile qemu-kvm",
        "verifierctl measure firmware --ovmf OVMF.amdsev.fd --vcpus 4 --vcpu-type EPYC-Milan")
    {
        MeasureFirmwareCommand.Create(context),
        MeasureIgvmCommand.Create(context),
    };
}
