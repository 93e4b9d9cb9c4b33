using System.Buffers.Binary;

namespace SevSnp.Igvm.Reading;

/// <summary>CRC-32 of IEEE 802.3, eight bytes at a time. The runtime has only the other polynomial (Castagnoli) on every processor.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Lanes = 8;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The value before the first byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Takes in more bytes.</summary>
    public static uint Update(uint state, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        while (bytes.Length >= Lanes)
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = table[(7 << 8) + (int)(low & 0xFF)] ^ table[(6 << 8) + (int)((low >> 8) & 0xFF)]
                ^ table[(5 << 8) + (int)((low >> 16) & 0xFF)] ^ table[(4 << 8) + (int)(low >> 24)]
                ^ table[(3 << 8) + (int)(high & 0xFF)] ^ table[(2 << 8) + (int)((high >> 8) & 0xFF)]
                ^ table[(1 << 8) + (int)((high >> 16) & 0xFF)] ^ table[(int)(high >> 24)];
            bytes = bytes[Lanes..];
        }

        foreach (byte b in bytes)
        {
            state = (state >> 8) ^ table[(int)((state ^ b) & 0xFF)];
        }

        return state;
    }

    /// <summary>The checksum, once all bytes are in.</summary>
    public static uint Finish(uint state) => ~state;

    private static uint[] MakeTable()
    {
        uint[] table = new uint[Lanes << 8];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[(int)i] = value;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = (before >> 8) ^ table[(int)(before & 0xFF)];
        }

        return table;
    }
}
