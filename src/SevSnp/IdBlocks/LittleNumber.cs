using SevSnp.Crypto;

namespace SevSnp.IdBlocks;

/// <summary>
/// A number of the curve as AMD's structures hold it: 72 bytes little endian, of which P-384 uses 48. Length and place never depend
/// on the value: a number with zero bytes at either end is as long as any other.
/// </summary>
internal static class LittleNumber
{
    /// <summary>Length in bytes of the field.</summary>
    public const int Size = 72;

    /// <summary>Reads a field.</summary>
    /// <param name="reader">Stands at the field.</param>
    /// <param name="big">Takes the number, 48 bytes, big endian.</param>
    /// <param name="field">Its name in a fault.</param>
    public static void Read(ref StructureReader reader, scoped Span<byte> big, string field)
    {
        reader.Take(P384.ScalarSize).CopyTo(big);
        big.Reverse();
        reader.Zeros(Size - P384.ScalarSize, $"{field} padding", IdBlockFaultId.PaddingIsNotZero);
    }

    /// <summary>Writes a field whose padding is already zero.</summary>
    /// <param name="big">The number, 48 bytes, big endian.</param>
    /// <param name="field">The field.</param>
    public static void Write(ReadOnlySpan<byte> big, Span<byte> field)
    {
        big.CopyTo(field);
        field[..P384.ScalarSize].Reverse();
    }
}
