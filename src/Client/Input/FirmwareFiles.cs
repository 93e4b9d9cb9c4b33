using System.Security.Cryptography;
using SevSnp.Checks;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;

namespace Verifier.Client.Input;

/// <summary>A firmware image, with the name the user gave it.</summary>
internal sealed record FirmwareFile(string Name, FirmwareImage Image);

/// <summary>The files of a launch. One that cannot be read is malformed here, so that scripts see one code for all that cannot be measured.</summary>
internal sealed record FirmwareFiles(FirmwareFile Firmware, FirmwareFile? Svsm)
{
    private static readonly FirmwareFaultId[] OfTheOptions =
    [
        FirmwareFaultId.Vcpus, FirmwareFaultId.Cpu, FirmwareFaultId.GuestFeatures, FirmwareFaultId.VmsaGpa, FirmwareFaultId.FirmwareDigest,
        FirmwareFaultId.Profile, FirmwareFaultId.VarsSize, FirmwareFaultId.InitrdWithoutKernel, FirmwareFaultId.AppendWithoutKernel,
    ];

    public static FirmwareFiles Read(FileInfo firmware, FileInfo? svsm) => new(Read(firmware), svsm is null ? null : Read(svsm));

    /// <summary>Hashes a kernel and what goes with it, of any size; null without a kernel.</summary>
    public static KernelHashes? HashKernel(FileInfo? kernel, FileInfo? initrd, string? commandLine) =>
        KernelHashes.TryCreate(Hash(kernel), Hash(initrd), commandLine, out KernelHashes? hashes, out FirmwareFault fault)
            ? hashes
            : throw CommandFailure.Usage(fault.ToString());

    /// <summary>What to say of a launch that is refused: either the options are wrong, or the file whose table does not allow it.</summary>
    public CommandFailure Failure(FirmwareFault fault) => OfTheOptions.Contains(fault.Id)
        ? CommandFailure.Usage(fault.ToString())
        : Malformed((Svsm ?? Firmware).Name, fault);

    private static FirmwareFile Read(FileInfo file)
    {
        InputFile input = Readable(() => InputFile.Read(file, FirmwareLimits.MaxImageBytes));
        return FirmwareImage.TryParse(input.Bytes, out FirmwareImage? image, out FirmwareFault fault)
            ? new FirmwareFile(input.Name, image)
            : throw Malformed(input.Name, fault);
    }

    private static HexBytes? Hash(FileInfo? file)
    {
        if (file is null)
        {
            return null;
        }

        return Readable(() =>
        {
            try
            {
                using FileStream stream = InputFile.Open(file);
                return new HexBytes(SHA256.HashData(stream));
            }
            catch (Exception e) when (InputFile.IsUnreadable(e))
            {
                throw InputFile.Unreadable(file, e);
            }
        });
    }

    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure(ExitCode.Malformed, failure.Message);
        }
    }

    private static CommandFailure Malformed(string file, FirmwareFault fault) =>
        new(ExitCode.Malformed, $"{file}: {fault}") { Fault = new EvidenceFault(CheckId.None, fault.Field, (int)fault.Offset, fault.Rule) };
}
