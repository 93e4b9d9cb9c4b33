using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SevSnp.Crypto;
using SevSnp.Primitives;

namespace SevSnp.IdBlocks;

/// <summary>
/// A P-384 public key in AMD's format of 0x404 bytes: u32 curve (2 is P-384), QX in 72 bytes little endian, QY the same, then zero
/// (firmware ABI, format for an ECDSA P-384 public key). Always a point of the curve.
/// </summary>
public sealed class SnpPublicKey
{
    /// <summary>Length in bytes of the structure.</summary>
    public const int Size = 0x404;

    /// <summary>The number of P-384 in the field CURVE.</summary>
    public const uint Curve = 2;

    private readonly byte[] _point;
    private readonly EcdsaP384Key _key;

    private SnpPublicKey(byte[] point, EcdsaP384Key key)
    {
        (_point, _key) = (point, key);
        Digest = new Digest384(SHA384.HashData(ToArray()));
    }

    /// <summary>
    /// SHA-384 over all 0x404 bytes: what a report names ID_KEY_DIGEST or AUTHOR_KEY_DIGEST, and what a verifier pins.
    /// </summary>
    public Digest384 Digest { get; }

    /// <summary>Reads the structure.</summary>
    /// <param name="bytes">Exactly 0x404 bytes.</param>
    /// <param name="key">The key.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when the bytes are a key.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SnpPublicKey? key, out IdBlockFault fault)
    {
        if (bytes.Length != Size)
        {
            (key, fault) = (null, new(IdBlockFaultId.LengthIsWrong, "public key", -1, $"must be exactly {Size} bytes long, is {bytes.Length}"));
            return false;
        }

        StructureReader reader = new(bytes);
        key = Read(ref reader, "KEY");
        fault = reader.Fault;
        return key is not null;
    }

    /// <summary>Reads one public key in PEM: a <c>PUBLIC KEY</c> block (SubjectPublicKeyInfo) with an uncompressed point, and nothing else.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="key">The key.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when the text is a P-384 public key.</returns>
    public static bool TryReadPem(ReadOnlySpan<char> pem, [NotNullWhen(true)] out SnpPublicKey? key, out IdBlockFault fault)
    {
        key = KeyPem.TryReadPublic(pem, out byte[] point, out fault) ? FromPoint(point) : null;
        if (key is null && fault.Id == IdBlockFaultId.None)
        {
            fault = new(IdBlockFaultId.PointIsInvalid, "public key", -1, "must be an uncompressed point of the curve P-384");
        }

        return key is not null;
    }

    /// <summary>The structure.</summary>
    /// <returns>0x404 bytes that the caller owns.</returns>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    internal static SnpPublicKey? FromPoint(ReadOnlySpan<byte> point) =>
        EcdsaP384Key.TryCreate(point, out EcdsaP384Key? key) ? new SnpPublicKey(point.ToArray(), key) : null;

    /// <summary>Reads the structure out of a larger one; null once a rule is broken.</summary>
    internal static SnpPublicKey? Read(ref StructureReader reader, string field)
    {
        int start = reader.Position;
        uint curve = reader.UInt32();
        if (curve != Curve)
        {
            reader.Fail(IdBlockFaultId.CurveIsUnknown, $"{field}.CURVE", start, $"must be {Curve} (P-384), is {curve}");
        }

        Span<byte> point = stackalloc byte[P384.PointSize];
        point[0] = 0x04;
        LittleNumber.Read(ref reader, point.Slice(1, P384.ScalarSize), $"{field}.QX");
        LittleNumber.Read(ref reader, point[(1 + P384.ScalarSize)..], $"{field}.QY");
        reader.Zeros(Size - sizeof(uint) - (2 * LittleNumber.Size), $"{field} reserved");
        if (!reader.IsGood)
        {
            return null;
        }

        if (FromPoint(point) is { } key)
        {
            return key;
        }

        reader.Fail(IdBlockFaultId.PointIsInvalid, $"{field}.QX", start + sizeof(uint), "QX and QY must be a point of the curve P-384");
        return null;
    }

    /// <summary>Writes the structure into bytes that are zero.</summary>
    internal void Write(Span<byte> structure)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(structure, Curve);
        LittleNumber.Write(_point.AsSpan(1, P384.ScalarSize), structure.Slice(sizeof(uint), LittleNumber.Size));
        LittleNumber.Write(_point.AsSpan(1 + P384.ScalarSize), structure.Slice(sizeof(uint) + LittleNumber.Size, LittleNumber.Size));
    }

    internal bool Verify(ReadOnlySpan<byte> message, SnpSignature signature) => _key.Verify(message, signature.Numbers);

    internal bool IsAt(ReadOnlySpan<byte> point) => point.SequenceEqual(_point);
}
