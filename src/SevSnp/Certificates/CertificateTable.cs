using System.Buffers.Binary;
using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>
/// The certificate table of the extended guest request (AMD 56421): entries of GUID, offset and length, an all-zero entry, then the
/// certificates. The host writes it and nothing signs it.
/// </summary>
internal static class CertificateTable
{
    private const int GuidSize = 16;
    private const int EntrySize = GuidSize + 4 + 4;
    private const int MaxEntries = 32;

    // What a blob is, it tells itself (certificates by their subject); the GUIDs only say which blobs to read. Hosts write the
    // bytes in text order or in the mixed order of Windows; both are known.
    private static readonly Guid[] KnownGuids =
    [
        new("63da758d-e664-4564-adc5-f4b93be8accd"), // VCEK
        new("a8074bc2-a25a-483e-aae6-39c045a0b8a1"), // VLEK
        new("4ab7b379-bbac-4fe4-a02f-05aef327c782"), // ASK or ASVK
        new("c0b406a4-a803-4952-9743-3fb6014cd0ae"), // ARK
        new("92f81bc3-5811-4d3d-97ff-d19f88dc67ea"), // revocation list
    ];

    /// <summary>Reads the table; blobs under GUIDs that are no certificate or list are left out.</summary>
    /// <param name="table">The table.</param>
    /// <param name="blobs">Where the blobs are.</param>
    /// <returns>The broken rule, or null.</returns>
    public static EvidenceFault? Read(ReadOnlySpan<byte> table, out List<Range> blobs)
    {
        blobs = [];
        if (table.Length > CertificateBundle.MaxSize)
        {
            return Broken(-1, "table", $"must have at most {CertificateBundle.MaxSize} bytes, has {table.Length}");
        }

        List<(long Start, long End)> taken = [];
        HashSet<Guid> seen = [];
        int count = CountEntries(table);
        if (count < 0)
        {
            return Broken(-1, "terminator", "must be an all-zero entry behind the last entry");
        }

        if (count > MaxEntries)
        {
            return Broken(MaxEntries * EntrySize, "terminator", $"must come after at most {MaxEntries} entries");
        }

        long header = (count + 1L) * EntrySize;
        for (int position = 0; position < count * EntrySize; position += EntrySize)
        {
            ReadOnlySpan<byte> guid = table.Slice(position, GuidSize);
            long start = BinaryPrimitives.ReadUInt32LittleEndian(table[(position + GuidSize)..]);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(table[(position + GuidSize + 4)..]);
            Guid known = Known(guid);
            string? rule =
                length == 0 ? "its content must not be empty"
                : start < header ? $"its content must begin behind the entries, at offset {header} or later, begins at {start}"
                : start + length > table.Length ? $"its content must end within the table of {table.Length} bytes, ends at {start + length}"
                : taken.Exists(t => start < t.End && t.Start < start + length) ? "its content must not overlap another entry's"
                : !seen.Add(known == Guid.Empty ? new Guid(guid, bigEndian: true) : known) ? "must not have the same GUID as an earlier entry"
                : null;
            if (rule is not null)
            {
                return Broken(position, $"entry {position / EntrySize}", rule);
            }

            taken.Add((start, start + length));
            if (known != Guid.Empty)
            {
                blobs.Add((int)start..(int)(start + length));
            }
        }

        return null;
    }

    private static int CountEntries(ReadOnlySpan<byte> table)
    {
        for (int count = 0; (count + 1) * EntrySize <= table.Length; count++)
        {
            if (!table.Slice(count * EntrySize, EntrySize).ContainsAnyExcept((byte)0))
            {
                return count;
            }
        }

        return -1;
    }

    private static Guid Known(ReadOnlySpan<byte> bytes)
    {
        Guid textOrder = new(bytes, bigEndian: true);
        Guid mixedOrder = new(bytes, bigEndian: false);
        foreach (Guid known in KnownGuids)
        {
            if (known == textOrder || known == mixedOrder)
            {
                return known;
            }
        }

        return Guid.Empty;
    }

    private static EvidenceFault Broken(int offset, string field, string rule) => new(CheckId.CertificateTableIsWellFormed, field, offset, rule);
}
