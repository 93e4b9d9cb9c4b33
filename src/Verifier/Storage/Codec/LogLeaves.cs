using Verifier.Ledger;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Codec;

/// <summary>Leaves of the log, as stores keep them.</summary>
internal static class LogLeaves
{
    /// <summary>A leaf as read; data that does not give the hash stored with it is refused.</summary>
    public static LogLeaf Checked(string tenant, long index, byte[] data, ReadOnlySpan<byte> storedHash)
    {
        byte[] hash = TreeHashing.Leaf(data).ToArray();
        return storedHash.SequenceEqual(hash)
            ? new LogLeaf(index, data, hash)
            : throw RecordCodec.Unfit($"log entry {index} of tenant '{tenant}'", "its hash does not fit its content");
    }
}
