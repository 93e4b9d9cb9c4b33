namespace Verifier.Ledger;

/// <summary>A growing list of hashes in chunks: growing copies no hash, and 32 bytes are all that one costs.</summary>
internal sealed class HashColumn
{
    // 64 KiB a chunk, below the size from which arrays are treated as large.
    private const int ChunkBits = 11;
    private const int ChunkLength = 1 << ChunkBits;

    private readonly List<TreeHash[]> _chunks = [];

    public long Count { get; private set; }

    public TreeHash this[long index] => index < Count
        ? _chunks[(int)(index >> ChunkBits)][index & (ChunkLength - 1)]
        : throw new ArgumentOutOfRangeException(nameof(index), index, "The tree is smaller.");

    public void Add(TreeHash hash)
    {
        int within = (int)(Count & (ChunkLength - 1));
        if (within == 0)
        {
            _chunks.Add(new TreeHash[ChunkLength]);
        }

        _chunks[^1][within] = hash;
        Count++;
    }
}
