using System.Security.Cryptography;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Codec;

/// <summary>Leaf hashes of the log, RFC 9162 section 2.1.1.</summary>
internal static class LogLeaves
{
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }

    /// <summary>A leaf as read; data that does not give the hash stored with it is refused.</summary>
    public static LogLeaf Checked(string tenant, long index, byte[] data, ReadOnlySpan<byte> storedHash)
    {
        byte[] hash = Hash(data);
        return storedHash.SequenceEqual(hash)
            ? new LogLeaf(index, data, hash)
            : throw RecordCodec.Unfit($"log entry {index} of tenant '{tenant}'", "its hash does not fit its content");
    }
}
