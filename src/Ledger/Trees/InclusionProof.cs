namespace Verifier.Ledger;

/// <summary>That an entry stands in a tree (RFC 9162 section 2.1.3). What it claims is known only once <see cref="Verify"/> said so.</summary>
/// <param name="index">Index of the entry from 0.</param>
/// <param name="size">Number of entries of the tree.</param>
/// <param name="hashes">The hashes of the path, from the leaf's neighbour upward.</param>
public sealed class InclusionProof(long index, long size, IReadOnlyList<TreeHash> hashes)
{
    /// <summary>Index of the entry from 0.</summary>
    public long Index { get; } = index;

    /// <summary>Number of entries of the tree.</summary>
    public long Size { get; } = size;

    /// <summary>The hashes of the path, from the leaf's neighbour upward.</summary>
    public IReadOnlyList<TreeHash> Hashes { get; } = hashes;

    /// <summary>Checks the proof by the steps of RFC 9162 section 2.1.3.2; a path too short or too long is refused. Never throws.</summary>
    /// <param name="leaf">The leaf hash of the entry.</param>
    /// <param name="root">The root of the tree, from a head that is trusted.</param>
    /// <returns>True when the entry stands in the tree at that index.</returns>
    public bool Verify(TreeHash leaf, TreeHash root)
    {
        // Step 1.
        if (Index < 0 || Index >= Size)
        {
            return false;
        }

        // Steps 2 and 3.
        long fn = Index;
        long sn = Size - 1;
        TreeHash r = leaf;

        // Step 4.
        foreach (TreeHash p in Hashes)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                r = TreeHashing.Node(p, r);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                r = TreeHashing.Node(r, p);
            }

            fn >>= 1;
            sn >>= 1;
        }

        // Step 5.
        return sn == 0 && r == root;
    }
}
