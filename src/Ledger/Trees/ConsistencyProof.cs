using System.Numerics;

namespace Verifier.Ledger;

/// <summary>
/// That a larger tree only adds entries to a smaller one (RFC 9162 section 2.1.4). What it claims is known only once
/// <see cref="Verify"/> said so.
/// </summary>
/// <param name="oldSize">Number of entries of the smaller tree.</param>
/// <param name="newSize">Number of entries of the larger tree.</param>
/// <param name="hashes">The hashes of the proof in the order of the RFC.</param>
public sealed class ConsistencyProof(long oldSize, long newSize, IReadOnlyList<TreeHash> hashes)
{
    /// <summary>Number of entries of the smaller tree.</summary>
    public long OldSize { get; } = oldSize;

    /// <summary>Number of entries of the larger tree.</summary>
    public long NewSize { get; } = newSize;

    /// <summary>The hashes of the proof in the order of the RFC.</summary>
    public IReadOnlyList<TreeHash> Hashes { get; } = hashes;

    /// <summary>
    /// Checks the proof by the steps of RFC 9162 section 2.1.4.2. The RFC leaves out two cases, which have one answer here: from the
    /// tree without entries, and to the same size, a proof has no hashes and the roots must be the empty root, or equal. Never throws.
    /// </summary>
    /// <param name="oldRoot">The root of the smaller tree, from a head that is trusted.</param>
    /// <param name="newRoot">The root of the larger tree, from a signed head.</param>
    /// <returns>True when the larger tree has the entries of the smaller one first, unchanged and in order.</returns>
    public bool Verify(TreeHash oldRoot, TreeHash newRoot)
    {
        if (OldSize < 0 || OldSize > NewSize)
        {
            return false;
        }

        if (OldSize == NewSize)
        {
            return Hashes.Count == 0 && oldRoot == newRoot && (OldSize > 0 || oldRoot == TreeHashing.Empty);
        }

        if (OldSize == 0)
        {
            return Hashes.Count == 0 && oldRoot == TreeHashing.Empty;
        }

        // Step 1; a path longer than any tree is deep is refused before it is walked.
        if (Hashes.Count is 0 or > 64)
        {
            return false;
        }

        // Step 2: of a size that is a power of two the old root is the first node itself.
        IEnumerable<TreeHash> path = BitOperations.IsPow2(OldSize) ? Hashes.Prepend(oldRoot) : Hashes;

        // Steps 3 and 4.
        long fn = OldSize - 1;
        long sn = NewSize - 1;
        while ((fn & 1) == 1)
        {
            fn >>= 1;
            sn >>= 1;
        }

        // Steps 5 to 7.
        TreeHash start = path.First();
        return Walk(path.Skip(1), fn, sn, start, oldRoot, newRoot);
    }

    private static bool Walk(IEnumerable<TreeHash> path, long fn, long sn, TreeHash start, TreeHash oldRoot, TreeHash newRoot)
    {
        TreeHash fr = start;
        TreeHash sr = start;
        foreach (TreeHash c in path)
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                fr = TreeHashing.Node(c, fr);
                sr = TreeHashing.Node(c, sr);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                sr = TreeHashing.Node(sr, c);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return fr == oldRoot && sr == newRoot && sn == 0;
    }
}
