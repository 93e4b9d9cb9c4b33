using System.Buffers.Binary;
using SevSnp.Firmware;

namespace Verifier.TestKit.Firmware;

/// <summary>
/// Writes firmware images that no firmware build made: pages of a pattern, the table of GUIDs at the end, and SEV metadata before it.
/// What it is told to write wrongly it writes wrongly.
/// </summary>
public sealed class FirmwareImageBuilder
{
    private const int Tail = 32;
    private const int HeaderSize = 18;

    private static readonly Guid Footer = new("96b582de-1fb2-45f7-baea-a366c55a082d");

    private readonly List<(Guid Id, byte[] Data)> _entries = [];
    private readonly List<FirmwareSection> _sections = [];

    /// <summary>AP reset address.</summary>
    public static Guid ResetBlock { get; } = new("00f771de-1a7e-4fcb-890e-68c77e2fb44e");

    /// <summary>Place of the kernel hashes table.</summary>
    public static Guid HashesTable { get; } = new("7255371f-3a3b-4b04-927b-1da6efa8d454");

    /// <summary>Distance of the SEV metadata from the end of the file.</summary>
    public static Guid Metadata { get; } = new("dc886566-984a-4798-a75e-5585a7bf67cc");

    /// <summary>Entry point of a stage 1 SVSM.</summary>
    public static Guid SvsmInfo { get; } = new("a789a612-0597-4c4b-a49f-cbb1fe9d1ddd");

    /// <summary>Number of pages.</summary>
    public int Pages { get; set; } = 2;

    /// <summary>Size field of the footer, or null for the right one.</summary>
    public ushort? FooterSize { get; set; }

    /// <summary>Distance that the table gives for the metadata, or null for the right one.</summary>
    public uint? MetadataDistance { get; set; }

    /// <summary>False to leave the metadata's entry out of the table.</summary>
    public bool HasMetadataEntry { get; set; } = true;

    /// <summary>First four bytes of the metadata.</summary>
    public string MetadataSignature { get; set; } = "ASEV";

    /// <summary>Version of the metadata.</summary>
    public uint MetadataVersion { get; set; } = 1;

    /// <summary>Length field of the metadata, or null for the right one.</summary>
    public uint? MetadataLength { get; set; }

    /// <summary>Count field of the metadata, or null for the right one.</summary>
    public uint? MetadataCount { get; set; }

    /// <summary>An image like that of OVMF's AmdSev flavour: everything that a launch can use.</summary>
    /// <param name="pages">Number of pages.</param>
    /// <returns>A builder that may be changed further.</returns>
    public static FirmwareImageBuilder AmdSev(int pages = 2) => new FirmwareImageBuilder { Pages = pages }
        .Entry(ResetBlock, 0x0080_B004)
        .Entry(HashesTable, 0x0081_0C00, 0x400)
        .Section(0x80_0000, 0x2000, FirmwareSectionType.SecMem)
        .Section(0x80_D000, 0x1000, FirmwareSectionType.Secrets)
        .Section(0x80_E000, 0x1000, FirmwareSectionType.Cpuid)
        .Section(0x80_F000, 0x1000, FirmwareSectionType.SvsmCaa)
        .Section(0x81_0000, 0x1000, FirmwareSectionType.KernelHashes)
        .Section(0x81_1000, 0x1000, FirmwareSectionType.SecMem);

    /// <summary>An image like stage 1 of COCONUT-SVSM.</summary>
    /// <param name="pages">Number of pages.</param>
    /// <param name="entry">Entry point as offset from the start.</param>
    /// <returns>A builder that may be changed further.</returns>
    public static FirmwareImageBuilder Stage1(int pages = 3, uint entry = 0x10) => new FirmwareImageBuilder { Pages = pages }
        .Entry(SvsmInfo, entry)
        .Section(0, 0x2000, FirmwareSectionType.SecMem)
        .Section(0x9_E000, 0x1000, FirmwareSectionType.Secrets)
        .Section(0x9_F000, 0x1000, FirmwareSectionType.Cpuid);

    /// <summary>Adds a table entry with little-endian words.</summary>
    /// <param name="id">The GUID.</param>
    /// <param name="words">The data.</param>
    /// <returns>This.</returns>
    public FirmwareImageBuilder Entry(Guid id, params uint[] words)
    {
        byte[] data = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(i * sizeof(uint)), words[i]);
        }

        _entries.Add((id, data));
        return this;
    }

    /// <summary>Leaves a table entry out again.</summary>
    /// <param name="id">The GUID.</param>
    /// <returns>This.</returns>
    public FirmwareImageBuilder Without(Guid id)
    {
        _entries.RemoveAll(e => e.Id == id);
        return this;
    }

    /// <summary>Adds a section.</summary>
    /// <param name="gpa">Guest physical address.</param>
    /// <param name="size">Length in bytes.</param>
    /// <param name="type">What it is for.</param>
    /// <returns>This.</returns>
    public FirmwareImageBuilder Section(uint gpa, uint size, FirmwareSectionType type)
    {
        _sections.Add(new FirmwareSection(gpa, size, type));
        return this;
    }

    /// <summary>Leaves all sections out again.</summary>
    /// <returns>This.</returns>
    public FirmwareImageBuilder WithoutSections()
    {
        _sections.Clear();
        return this;
    }

    /// <summary>Writes the image.</summary>
    /// <returns>The file.</returns>
    public byte[] Build()
    {
        byte[] image = new byte[Pages * FirmwareLimits.PageSize];
        for (int i = 0; i < image.Length; i++)
        {
            image[i] = (byte)((i / FirmwareLimits.PageSize) + (i * 13));
        }

        byte[] metadata = WriteMetadata();
        List<(Guid Id, byte[] Data)> entries = [.. _entries];
        int tableSize = HeaderSize + entries.Sum(e => e.Data.Length + HeaderSize) + (HasMetadataEntry ? sizeof(uint) + HeaderSize : 0);
        if (HasMetadataEntry)
        {
            byte[] distance = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(distance, MetadataDistance ?? (uint)(Tail + tableSize + metadata.Length));
            entries.Add((Metadata, distance));
        }

        int end = image.Length - Tail;
        WriteEntry(image, ref end, Footer, [], FooterSize ?? (ushort)tableSize);
        foreach ((Guid id, byte[] data) in entries)
        {
            WriteEntry(image, ref end, id, data, (ushort)(data.Length + HeaderSize));
        }

        metadata.CopyTo(image, end - metadata.Length);
        return image;
    }

    private static void WriteEntry(byte[] image, ref int end, Guid id, byte[] data, ushort size)
    {
        id.TryWriteBytes(image.AsSpan(end - 16));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(end - HeaderSize), size);
        end -= HeaderSize + data.Length;
        data.CopyTo(image, end);
    }

    private byte[] WriteMetadata()
    {
        byte[] metadata = new byte[16 + (12 * _sections.Count)];
        System.Text.Encoding.ASCII.GetBytes(MetadataSignature).CopyTo(metadata, 0);
        Write(4, MetadataLength ?? (uint)metadata.Length);
        Write(8, MetadataVersion);
        Write(12, MetadataCount ?? (uint)_sections.Count);
        for (int i = 0; i < _sections.Count; i++)
        {
            Write(16 + (12 * i), _sections[i].Gpa);
            Write(20 + (12 * i), _sections[i].Size);
            Write(24 + (12 * i), (uint)_sections[i].Type);
        }

        return metadata;

        void Write(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(metadata.AsSpan(offset), value);
    }
}
