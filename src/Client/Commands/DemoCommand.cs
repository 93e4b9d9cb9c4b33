using System.CommandLine;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;

namespace Verifier.Client.Commands;

/// <summary><c>demo</c>: spoils evidence, to watch it being refused.</summary>
internal static class DemoCommand
{
    private const int MaxSize = 64 * 1024;
    private const string FlipBitExample = "verifierctl demo flip-bit report.bin flipped.bin --bit 1152";

    public static Command Create(CliContext context) => new ExampleCommand("demo", "Makes faulty evidence to try a verifier with.", FlipBitExample) { FlipBit(context) };

    private static ExampleCommand FlipBit(CliContext context)
    {
        Argument<FileInfo> input = new("IN") { Description = "File to copy, at most 64 KiB." };
        Argument<FileInfo> output = new("OUT") { Description = "File to write." };
        Option<uint?> bit = Opt.Number("--bit", 0, (MaxSize * 8) - 1, "Bit to flip, counted from 0: bit N is bit N mod 8 of byte N / 8.");
        bit.Required = true;
        ExampleCommand command = new(
            "flip-bit",
            "Copies a file with one bit flipped.",
            FlipBitExample)
        {
            input, output, bit,
        };
        command.SetAction(parsed =>
        {
            InputFile file = InputFile.Read(parsed.GetRequiredValue(input), MaxSize);
            FileInfo target = parsed.GetRequiredValue(output);
            int position = (int)parsed.GetValue(bit)!.Value;
            if (position >= file.Bytes.Length * 8)
            {
                throw CommandFailure.Usage($"{file.Name}: has no bit {position}, it is {file.Bytes.Length} bytes long");
            }

            byte[] flipped = [.. file.Bytes];
            flipped[position / 8] ^= (byte)(1 << (position % 8));
            OutputFile.Write(target, flipped);
            context.Error.WriteLine($"note: flipped bit {position % 8} of byte 0x{position / 8:X}");
            return (int)ExitCode.Success;
        });
        return command;
    }
}
