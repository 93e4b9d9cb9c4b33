using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SevSnp.Firmware;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>
/// The table by which an OVMF of the AmdSev flavour checks the kernel, initrd and command line that the VMM hands over
/// (QEMU <c>kernel-hashes=on</c>): 176 bytes in guest memory, measured with the page that they lie in.
/// </summary>
public sealed class KernelHashes
{
    /// <summary>Length of the table in bytes.</summary>
    public const int TableSize = 176;

    private const int HashSize = SHA256.HashSizeInBytes;
    private const int HeaderSize = 16 + sizeof(ushort);
    private const int EntrySize = HeaderSize + HashSize;

    // The table's length field leaves out the padding at its end.
    private const int ContentSize = HeaderSize + (3 * EntrySize);

    private static readonly Guid TableId = new("9438d606-4f22-4cc9-b479-a793d411fd21");
    private static readonly Guid CommandLineId = new("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");
    private static readonly Guid InitrdId = new("44baf731-3a2f-4bd7-9af1-41e29169781d");
    private static readonly Guid KernelId = new("4de79437-abd2-427f-b835-d5b172d2045b");

    private KernelHashes(HexBytes kernel, HexBytes initrd, HexBytes commandLine) => (Kernel, Initrd, CommandLine) = (kernel, initrd, commandLine);

    /// <summary>SHA-256 of the kernel file, 32 bytes.</summary>
    public HexBytes Kernel { get; }

    /// <summary>SHA-256 of the initrd file, 32 bytes; of nothing when there is none.</summary>
    public HexBytes Initrd { get; }

    /// <summary>SHA-256 of the command line in UTF-8 with one NUL behind it, 32 bytes.</summary>
    public HexBytes CommandLine { get; }

    /// <summary>Makes the table of a launch. Without a kernel nothing else may be given, and kernel hashes are off.</summary>
    /// <param name="kernelSha256">SHA-256 of the kernel file, or null.</param>
    /// <param name="initrdSha256">SHA-256 of the initrd file, or null for none.</param>
    /// <param name="commandLine">The command line, hashed as it is; null and empty are the same.</param>
    /// <param name="hashes">The table, or null when there is no kernel.</param>
    /// <param name="fault">Why the inputs are refused.</param>
    /// <returns>True when the inputs belong together.</returns>
    /// <exception cref="ArgumentException">A hash has not 32 bytes: a defect of the caller.</exception>
    public static bool TryCreate(HexBytes? kernelSha256, HexBytes? initrdSha256, string? commandLine, out KernelHashes? hashes, out FirmwareFault fault)
    {
        hashes = null;
        fault = default;
        if (kernelSha256 is null && initrdSha256 is not null)
        {
            fault = new FirmwareFault(FirmwareFaultId.InitrdWithoutKernel, "initrd");
        }
        else if (kernelSha256 is null && !string.IsNullOrEmpty(commandLine))
        {
            fault = new FirmwareFault(FirmwareFaultId.AppendWithoutKernel, "command line");
        }
        else if (kernelSha256 is not null)
        {
            hashes = new KernelHashes(
                Checked(kernelSha256, nameof(kernelSha256)),
                initrdSha256 is null ? new HexBytes(SHA256.HashData([])) : Checked(initrdSha256, nameof(initrdSha256)),
                new HexBytes(SHA256.HashData([.. Encoding.UTF8.GetBytes(commandLine ?? ""), 0])));
        }

        return fault == default;
    }

    /// <summary>The table as it lies in guest memory.</summary>
    /// <returns>A new array of <see cref="TableSize"/> bytes.</returns>
    public byte[] ToArray()
    {
        byte[] table = new byte[TableSize];
        WriteHeader(table, TableId, ContentSize);
        WriteEntry(table.AsSpan(HeaderSize), CommandLineId, CommandLine);
        WriteEntry(table.AsSpan(HeaderSize + EntrySize), InitrdId, Initrd);
        WriteEntry(table.AsSpan(HeaderSize + (2 * EntrySize)), KernelId, Kernel);
        return table;
    }

    private static HexBytes Checked(HexBytes hash, string name) => hash.Length == HashSize
        ? hash
        : throw new ArgumentException($"A SHA-256 hash has {HashSize} bytes, not {hash.Length}.", name);

    private static void WriteEntry(Span<byte> at, Guid id, HexBytes hash)
    {
        WriteHeader(at, id, EntrySize);
        hash.Span.CopyTo(at[HeaderSize..]);
    }

    private static void WriteHeader(Span<byte> at, Guid id, ushort size)
    {
        id.TryWriteBytes(at);
        BinaryPrimitives.WriteUInt16LittleEndian(at[16..], size);
    }
}
