using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Firmware;

/// <summary>
/// A firmware image that is made for SEV-SNP: an OVMF code file, or the stage 1 image of COCONUT-SVSM, which has the same table.
/// The bytes are kept without a copy and must not change while the image is in use.
/// </summary>
public sealed class FirmwareImage
{
    private FirmwareImage(ReadOnlyMemory<byte> bytes, IReadOnlyList<FirmwareSection> sections) => (Bytes, Sections) = (bytes, sections);

    /// <summary>The file; a multiple of 4096 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The memory that the launch adds besides the image, in the order in which it is measured. No two sections overlap.</summary>
    public IReadOnlyList<FirmwareSection> Sections { get; }

    /// <summary>Where the second and all further vCPUs start, or null when the table does not tell.</summary>
    public uint? ApResetAddress { get; private init; }

    /// <summary>Where the kernel hashes table goes, or null when the table does not tell.</summary>
    public KernelHashesArea? KernelHashesArea { get; private init; }

    /// <summary>Entry point of an SVSM as offset from the start of the image, or null for other firmware.</summary>
    public uint? SvsmEntryOffset { get; private init; }

    /// <summary>Reads an image: its footer table and its SEV metadata.</summary>
    /// <param name="bytes">The file, at most <see cref="FirmwareLimits.MaxImageBytes"/> bytes.</param>
    /// <param name="image">The image, or null when it is refused.</param>
    /// <param name="fault">Why it is refused.</param>
    /// <returns>True when the image keeps every rule.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out FirmwareImage? image, out FirmwareFault fault)
    {
        image = null;
        fault = CheckLength(bytes.Length);
        if (fault != default || FooterTable.Read(bytes.Span, out fault) is not { } table)
        {
            return false;
        }

        if (table.Find(FooterTable.Metadata) is not { } metadata)
        {
            fault = new FirmwareFault(FirmwareFaultId.NoMetadata, "FOOTER");
            return false;
        }

        ReadOnlySpan<byte> file = bytes.Span;
        if (SevMetadata.Read(file, metadata, out fault) is not { } sections)
        {
            return false;
        }

        image = new FirmwareImage(bytes, sections)
        {
            ApResetAddress = table.Find(FooterTable.ResetBlock) is { } reset ? Word(file, reset) : null,
            KernelHashesArea = table.Find(FooterTable.HashesTable) is { } area ? new KernelHashesArea(Word(file, area), Word(file, area + 4)) : null,
            SvsmEntryOffset = table.Find(FooterTable.SvsmInfo) is { } svsm ? Word(file, svsm) : null,
        };
        return true;
    }

    private static FirmwareFault CheckLength(int length) => length switch
    {
        < FooterTable.MinimumImage => new FirmwareFault(FirmwareFaultId.TooSmall, "length", 0, (ulong)length),
        > FirmwareLimits.MaxImageBytes => new FirmwareFault(FirmwareFaultId.TooLarge, "length", 0, (ulong)length),
        _ when length % FirmwareLimits.PageSize != 0 => new FirmwareFault(FirmwareFaultId.NotPageMultiple, "length", 0, (ulong)length),
        _ => default,
    };

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
