using System.Buffers.Binary;

namespace SevSnp.Firmware;

/// <summary>
/// The table of GUIDs at the end of an OVMF image (OvmfPkg, ResetVector). It ends 32 bytes before the end of the file and is read
/// upwards: each entry is data, its size (data + 18, two bytes), and a GUID. The last entry is the footer, whose size is the table's.
/// </summary>
internal sealed class FooterTable
{
    public const int MinimumImage = Tail + HeaderSize;

    private const int Tail = 32;
    private const int GuidSize = 16;
    private const int HeaderSize = sizeof(ushort) + GuidSize;

    public static readonly Guid ResetBlock = new("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
    public static readonly Guid HashesTable = new("7255371f-3a3b-4b04-927b-1da6efa8d454");
    public static readonly Guid Metadata = new("dc886566-984a-4798-a75e-5585a7bf67cc");
    public static readonly Guid SvsmInfo = new("a789a612-0597-4c4b-a49f-cbb1fe9d1ddd");

    private static readonly Guid Footer = new("96b582de-1fb2-45f7-baea-a366c55a082d");

    // Length of the data of the entries that a launch reads. All others are skipped.
    private static readonly Dictionary<Guid, (int Length, FirmwareFaultId Fault)> Known = new()
    {
        [ResetBlock] = (sizeof(uint), FirmwareFaultId.ResetEntry),
        [HashesTable] = (2 * sizeof(uint), FirmwareFaultId.HashesEntry),
        [Metadata] = (sizeof(uint), FirmwareFaultId.MetadataEntry),
        [SvsmInfo] = (sizeof(uint), FirmwareFaultId.SvsmEntry),
    };

    private readonly Dictionary<Guid, int> _entries;

    private FooterTable(Dictionary<Guid, int> entries) => _entries = entries;

    /// <summary>Offset of the data of an entry in the file; what a launch reads there has its full length.</summary>
    public int? Find(Guid id) => _entries.TryGetValue(id, out int offset) ? offset : null;

    public static FooterTable? Read(ReadOnlySpan<byte> image, out FirmwareFault fault)
    {
        fault = default;
        int guid = image.Length - Tail - GuidSize;
        if (new Guid(image.Slice(guid, GuidSize)) != Footer)
        {
            fault = new FirmwareFault(FirmwareFaultId.NoFooter, "FOOTER.guid", guid);
            return null;
        }

        int end = guid - sizeof(ushort);
        ushort size = BinaryPrimitives.ReadUInt16LittleEndian(image[end..]);
        if (size < HeaderSize || size > image.Length - Tail)
        {
            fault = new FirmwareFault(FirmwareFaultId.FooterSize, "FOOTER.size", end, size);
            return null;
        }

        int start = image.Length - Tail - size;
        Dictionary<Guid, int> entries = [];
        while (end > start && fault == default)
        {
            end = ReadEntry(image, start, end, entries, out fault);
        }

        return fault == default ? new FooterTable(entries) : null;
    }

    // Reads the entry that ends at a place, and gives the place where it begins.
    private static int ReadEntry(ReadOnlySpan<byte> image, int start, int end, Dictionary<Guid, int> entries, out FirmwareFault fault)
    {
        fault = default;
        if (end - start < HeaderSize)
        {
            fault = new FirmwareFault(FirmwareFaultId.EntrySize, "ENTRY", start, (ulong)(end - start));
            return start;
        }

        int header = end - HeaderSize;
        ushort size = BinaryPrimitives.ReadUInt16LittleEndian(image[header..]);
        if (size < HeaderSize || size > end - start)
        {
            fault = new FirmwareFault(FirmwareFaultId.EntrySize, "ENTRY.size", header, size);
            return start;
        }

        Guid id = new(image.Slice(header + sizeof(ushort), GuidSize));
        int data = end - size;
        if (Known.TryGetValue(id, out (int Length, FirmwareFaultId Fault) known) && header - data != known.Length)
        {
            fault = new FirmwareFault(known.Fault, $"ENTRY {id} size", header, size);
        }
        else if (!entries.TryAdd(id, data))
        {
            fault = new FirmwareFault(FirmwareFaultId.DuplicateEntry, $"ENTRY {id}", header);
        }

        return data;
    }
}
