using System.Buffers.Binary;

namespace SevSnp.IdBlocks;

/// <summary>The places of the fields of an ID authentication page (firmware ABI, ID_AUTH_INFO).</summary>
internal static class IdAuthLayout
{
    public const int IdBlockSignature = 0x040;
    public const int IdKey = 0x240;
    public const int IdKeySignature = 0x680;
    public const int AuthorKey = 0x880;

    private const int AuthorAlgorithm = 0x004;
    private const int Tail = AuthorKey + SnpPublicKey.Size;

    public static IdAuth? Read(ReadOnlySpan<byte> bytes, out IdBlockFault fault)
    {
        StructureReader reader = new(bytes);
        uint idAlgorithm = reader.UInt32();
        if (idAlgorithm != IdAuth.Algorithm)
        {
            reader.Fail(IdBlockFaultId.AlgorithmIsUnknown, "ID_KEY_ALGO", 0, $"must be {IdAuth.Algorithm} (ECDSA P-384 with SHA-384), is {idAlgorithm}");
        }

        uint authorAlgorithm = reader.UInt32();
        bool hasAuthor = bytes[IdKeySignature..Tail].ContainsAnyExcept((byte)0);
        if (authorAlgorithm != IdAuth.Algorithm && (hasAuthor || authorAlgorithm != 0))
        {
            reader.Fail(IdBlockFaultId.AlgorithmIsUnknown, "AUTH_KEY_ALGO", AuthorAlgorithm, AuthorAlgorithmRule(hasAuthor, authorAlgorithm));
        }

        reader.Zeros(IdBlockSignature - reader.Position, "reserved");
        SnpSignature idBlockSignature = SnpSignature.Read(ref reader, "ID_BLOCK_SIG");
        SnpPublicKey? idKey = SnpPublicKey.Read(ref reader, "ID_KEY");
        reader.Zeros(IdKeySignature - reader.Position, "reserved");
        SnpSignature? idKeySignature = null;
        SnpPublicKey? authorKey = null;
        if (hasAuthor)
        {
            idKeySignature = SnpSignature.Read(ref reader, "ID_KEY_SIG");
            authorKey = SnpPublicKey.Read(ref reader, "AUTHOR_KEY");
        }
        else
        {
            reader.Take(Tail - IdKeySignature);
        }

        reader.Zeros(IdAuth.Size - Tail, "reserved");
        fault = reader.Fault;
        return reader.IsGood && idKey is not null ? new IdAuth(bytes.ToArray(), idKey, idBlockSignature, authorKey, idKeySignature) : null;
    }

    public static byte[] Write(SnpPublicKey idKey, SnpSignature idBlockSignature, SnpPublicKey? authorKey, SnpSignature? idKeySignature)
    {
        byte[] bytes = new byte[IdAuth.Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, IdAuth.Algorithm);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(AuthorAlgorithm), authorKey is null ? 0 : IdAuth.Algorithm);
        idBlockSignature.Write(bytes.AsSpan(IdBlockSignature, SnpSignature.Size));
        idKey.Write(bytes.AsSpan(IdKey, SnpPublicKey.Size));
        idKeySignature?.Write(bytes.AsSpan(IdKeySignature, SnpSignature.Size));
        authorKey?.Write(bytes.AsSpan(AuthorKey, SnpPublicKey.Size));
        return bytes;
    }

    // Without an author key the tools write either number, and the firmware does not look.
    private static string AuthorAlgorithmRule(bool hasAuthor, uint actual) => hasAuthor
        ? $"must be {IdAuth.Algorithm} (ECDSA P-384 with SHA-384), is {actual}"
        : $"must be 0 or {IdAuth.Algorithm} where there is no author key, is {actual}";
}
