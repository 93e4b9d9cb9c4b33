using System.Buffers;
using System.Buffers.Text;
using System.Text;
using SevSnp.Checks;
using SevSnp.IdBlocks;

namespace Verifier.Client.Input;

/// <summary>ID blocks, ID authentication pages (each as bytes or in base64) and public keys in PEM, told by their form.</summary>
internal sealed record IdBlockFiles(IdBlock? Block, IdAuth? Auth, IReadOnlyList<SnpPublicKey> Keys)
{
    private const int MaxSize = 16 * 1024;

    public static IdBlockFiles Read(IEnumerable<FileInfo> files)
    {
        IdBlockFiles all = new(null, null, []);
        foreach (FileInfo file in files)
        {
            InputFile input = InputFile.Read(file, MaxSize, () => new CommandFailure(ExitCode.Malformed, InputFile.TooLarge(file, MaxSize)));
            all = all.With(input);
        }

        return all;
    }

    private IdBlockFiles With(InputFile file)
    {
        if (file.Bytes.AsSpan().StartsWith("-----BEGIN "u8))
        {
            return SnpPublicKey.TryReadPem(Encoding.Latin1.GetString(file.Bytes), out SnpPublicKey? key, out IdBlockFault fault)
                ? this with { Keys = [.. Keys, key] }
                : throw Malformed(file, fault, fault.Id == IdBlockFaultId.KeyKindIsWrong ? "its public key: openssl pkey -in FILE -pubout" : null);
        }

        byte[] bytes = Decoded(file.Bytes);
        return bytes.Length switch
        {
            IdBlock.Size when Block is not null => throw CommandFailure.Usage($"{file.Name}: there may be only one ID block"),
            IdAuth.Size when Auth is not null => throw CommandFailure.Usage($"{file.Name}: there may be only one ID authentication page"),
            IdBlock.Size => this with { Block = IdBlock.TryParse(bytes, out IdBlock? block, out IdBlockFault fault) ? block : throw Malformed(file, fault) },
            IdAuth.Size => this with { Auth = IdAuth.TryParse(bytes, out IdAuth? auth, out IdBlockFault fault) ? auth : throw Malformed(file, fault) },
            int length => throw Malformed(file, new IdBlockFault(
                IdBlockFaultId.LengthIsWrong,
                "file",
                -1,
                $"must be an ID block ({IdBlock.Size} bytes) or an ID authentication page ({IdAuth.Size} bytes), as bytes or in base64, or a public key in PEM; is {length} bytes long")),
        };
    }

    // Both structures hold zero bytes, which base64 never does.
    private static byte[] Decoded(byte[] bytes)
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(bytes.Length)];
        return Base64.DecodeFromUtf8(bytes, decoded, out _, out int length) == OperationStatus.Done && length > 0 ? decoded[..length] : bytes;
    }

    private static CommandFailure Malformed(InputFile file, IdBlockFault fault, string? hint = null) =>
        new(ExitCode.Malformed, $"{file.Name}: {fault}", hint) { Fault = new EvidenceFault(CheckId.None, fault.Field, fault.Offset, fault.Rule) };
}
