using SevSnp.Crypto;

namespace SevSnp.IdBlocks;

/// <summary>
/// An ECDSA P-384 signature in the 512 bytes of AMD's format: R in 72 bytes little endian, S the same, then zero. Its range is judged
/// when it is verified, not here: a signature out of range is a bad one, not a malformed one.
/// </summary>
internal sealed class SnpSignature
{
    /// <summary>Length in bytes of the structure.</summary>
    public const int Size = 512;

    private readonly byte[] _numbers;

    /// <summary>Copies a signature.</summary>
    /// <param name="numbers">R then S, 48 bytes each, big endian.</param>
    public SnpSignature(ReadOnlySpan<byte> numbers) => _numbers = numbers[..P384.SignatureSize].ToArray();

    /// <summary>R then S, 48 bytes each, big endian.</summary>
    public ReadOnlySpan<byte> Numbers => _numbers;

    public static SnpSignature Read(ref StructureReader reader, string field)
    {
        Span<byte> numbers = stackalloc byte[P384.SignatureSize];
        LittleNumber.Read(ref reader, numbers[..P384.ScalarSize], $"{field}.R");
        LittleNumber.Read(ref reader, numbers[P384.ScalarSize..], $"{field}.S");
        reader.Zeros(Size - (2 * LittleNumber.Size), $"{field} reserved", IdBlockFaultId.PaddingIsNotZero);
        return new SnpSignature(numbers);
    }

    /// <summary>Writes the structure into bytes that are zero.</summary>
    /// <param name="structure">512 bytes.</param>
    public void Write(Span<byte> structure)
    {
        LittleNumber.Write(Numbers[..P384.ScalarSize], structure[..LittleNumber.Size]);
        LittleNumber.Write(Numbers[P384.ScalarSize..], structure.Slice(LittleNumber.Size, LittleNumber.Size));
    }
}
