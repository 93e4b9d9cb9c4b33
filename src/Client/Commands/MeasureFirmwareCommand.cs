using System.CommandLine;
using System.Text.Json;
using SevSnp.Firmware;
using SevSnp.Measurement;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>measure firmware</c>: the launch measurement of a guest that starts from firmware instead of an IGVM file.</summary>
internal static class MeasureFirmwareCommand
{
    public static Command Create(CliContext context)
    {
        FirmwareLaunchOptions options = new();
        Option<bool> bare = Opt.Flag("--bare", "Print only the measurement and the name of the firmware file, as sha384sum does.");
        Option<bool> steps = Opt.Flag("--steps", "Print each page as it enters the measurement.");
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "firmware",
            "Computes the launch measurement of a guest that starts from firmware. Exit code 2 when a file cannot be read or measured.",
            "verifierctl measure firmware --ovmf OVMF.amdsev.fd --vcpus 4 --vcpu-type EPYC-Milan",
            "verifierctl measure firmware --ovmf OVMF.amdsev.fd --kernel vmlinuz --initrd initrd.img --append \"console=ttyS0\" --vcpus 4 --vcpu-type EPYC-v4 --bare",
            "verifierctl measure firmware --ovmf ovmf_img.fd --vcpus 4 --vmm ec2",
            "verifierctl measure firmware --mode snp:svsm --ovmf OVMF_CODE.fd --svsm svsm.bin --vars-size 540672 --vcpus 2 --vcpu-type EPYC-v4 --fpu zero")
        {
            bare, steps, format,
        };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, bare) && (Opt.IsGiven(result, format) || Opt.IsGiven(result, steps)))
            {
                result.AddError("--bare prints one line; it excludes --format and --steps");
            }
        });
        command.SetAction(parsed =>
        {
            FirmwareLaunch launch = options.Read(parsed, out FirmwareFiles files);
            if (!FirmwareMeasurer.TryMeasure(launch, parsed.GetValue(steps), out LaunchMeasurement? measurement, out FirmwareFault fault))
            {
                throw files.Failure(fault);
            }

            if (parsed.GetValue(bare))
            {
                context.Out.WriteLine($"{measurement.Digest}  {SafeText.Of(files.Firmware.Name)}");
                return (int)ExitCode.Success;
            }

            FirmwareMeasurementView view = FirmwareMeasurementView.Of(launch, measurement);
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.FirmwareMeasurementView));
            }
            else
            {
                FirmwareMeasurementText.Write(context, view);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }
}
