using System.Buffers.Binary;

namespace Verifier.TestKit;

/// <summary>A GHCB certificate table (AMD 56421): entries of GUID, offset and length, an all-zero entry, then the blobs.</summary>
public sealed record CertificateTableBuilder
{
    public const string Vcek = "63da758d-e664-4564-adc5-f4b93be8accd";
    public const string Vlek = "a8074bc2-a25a-483e-aae6-39c045a0b8a1";
    public const string Ask = "4ab7b379-bbac-4fe4-a02f-05aef327c782";
    public const string Ark = "c0b406a4-a803-4952-9743-3fb6014cd0ae";
    public const string Crl = "92f81bc3-5811-4d3d-97ff-d19f88dc67ea";

    /// <summary>Length of an entry in bytes.</summary>
    public const int EntrySize = 24;

    /// <summary>GUID and blob of each entry, in order.</summary>
    public IReadOnlyList<(string Kind, byte[] Blob)> Entries { get; init; } = [];

    /// <summary>GUID bytes in mixed-endian order (as SVSM's tables) instead of text order (as real tables of clouds).</summary>
    public bool MixedEndian { get; init; }

    /// <summary>Whether the all-zero entry is written.</summary>
    public bool HasTerminator { get; init; } = true;

    /// <summary>Replaces offset and length of an entry by its number.</summary>
    public IReadOnlyDictionary<int, (uint Offset, uint Length)> Spans { get; init; } = new Dictionary<int, (uint, uint)>();

    /// <summary>Adds an entry.</summary>
    /// <param name="kind">Its GUID.</param>
    /// <param name="blob">DER or PEM.</param>
    /// <returns>A changed builder.</returns>
    public CertificateTableBuilder With(string kind, byte[] blob) => this with { Entries = [.. Entries, (kind, blob)] };

    /// <summary>Replaces offset and length of one entry.</summary>
    /// <param name="entry">Its number.</param>
    /// <param name="offset">The new offset.</param>
    /// <param name="length">The new length.</param>
    /// <returns>A changed builder.</returns>
    public CertificateTableBuilder WithSpan(int entry, uint offset, uint length) =>
        this with { Spans = new Dictionary<int, (uint, uint)>(Spans) { [entry] = (offset, length) } };

    /// <summary>Makes the table.</summary>
    /// <returns>The bytes.</returns>
    public byte[] Build()
    {
        using MemoryStream blobs = new();
        int headerSize = (Entries.Count + (HasTerminator ? 1 : 0)) * EntrySize;
        byte[] header = new byte[headerSize];
        for (int i = 0; i < Entries.Count; i++)
        {
            (string kind, byte[] blob) = Entries[i];
            Span<byte> entry = header.AsSpan(i * EntrySize, EntrySize);
            Guid.Parse(kind).TryWriteBytes(entry, bigEndian: !MixedEndian, out _);
            (uint offset, uint length) = Spans.TryGetValue(i, out (uint, uint) span) ? span : ((uint)(headerSize + blobs.Length), (uint)blob.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], offset);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], length);
            blobs.Write(blob);
        }

        return [.. header, .. blobs.ToArray()];
    }
}
