using System.Numerics;

namespace Verifier.Ledger;

/// <summary>
/// A growing tree in memory: about 64 bytes an entry. A root or a proof for any earlier size costs O(log n). Not for use by several
/// threads at once while one of them appends.
/// </summary>
public sealed class MerkleTree
{
    // Level k keeps the roots of the perfect subtrees of 2^k leaves. The small levels at the top are one chunk each.
    private readonly List<HashColumn> _levels = [new()];

    /// <summary>Number of entries.</summary>
    public long Size => _levels[0].Count;

    /// <summary>The root over all entries.</summary>
    public TreeHash Root => RootAt(Size);

    /// <summary>Adds an entry.</summary>
    /// <param name="leaf">The leaf hash of the entry (<see cref="TreeHashing.Leaf"/>).</param>
    public void Append(TreeHash leaf)
    {
        TreeHash node = leaf;
        for (int level = 0; ; level++)
        {
            if (level == _levels.Count)
            {
                _levels.Add(new HashColumn());
            }

            HashColumn column = _levels[level];
            column.Add(node);
            if ((column.Count & 1) != 0)
            {
                return;
            }

            node = TreeHashing.Node(column[column.Count - 2], column[column.Count - 1]);
        }
    }

    /// <summary>The leaf hash of an entry.</summary>
    /// <param name="index">Index of the entry from 0, below <see cref="Size"/>.</param>
    /// <returns>The leaf hash.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
    public TreeHash LeafAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return _levels[0][index];
    }

    /// <summary>The root over the first entries (RFC 9162 section 2.1.1).</summary>
    /// <param name="size">How many entries, from 0 to <see cref="Size"/>.</param>
    /// <returns>The root.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree is smaller.</exception>
    public TreeHash RootAt(long size)
    {
        CheckSize(size);
        return Subtree(0, size);
    }

    /// <summary>The frontier over the first entries.</summary>
    /// <param name="size">How many entries, from 0 to <see cref="Size"/>.</param>
    /// <returns>The frontier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree is smaller.</exception>
    public TreeFrontier FrontierAt(long size)
    {
        CheckSize(size);
        return TreeFrontier.TryCreate(size, Perfect(0, size), out TreeFrontier? frontier) ? frontier : throw new InvalidOperationException("One hash for each bit of the size.");
    }

    /// <summary>Proves that an entry stands in the tree over the first entries (RFC 9162 section 2.1.3.1).</summary>
    /// <param name="index">Index of the entry from 0, below <paramref name="size"/>.</param>
    /// <param name="size">How many entries, from 1 to <see cref="Size"/>.</param>
    /// <returns>The proof.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry or no such size.</exception>
    public InclusionProof ProveInclusion(long index, long size)
    {
        CheckSize(size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<TreeHash> path = [];
        long start = 0;
        for (long count = size; count > 1;)
        {
            long left = Split(count);
            if (index - start < left)
            {
                path.Add(Subtree(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Subtree(start, left));
                start += left;
                count -= left;
            }
        }

        path.Reverse();
        return new InclusionProof(index, size, path);
    }

    /// <summary>Proves that the tree over more entries only adds to the tree over fewer (RFC 9162 section 2.1.4.1).</summary>
    /// <param name="oldSize">The smaller size, from 0. Of 0 and of the same size the proof has no hashes.</param>
    /// <param name="newSize">The larger size, to <see cref="Size"/>.</param>
    /// <returns>The proof.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such sizes.</exception>
    public ConsistencyProof ProveConsistency(long oldSize, long newSize)
    {
        CheckSize(newSize);
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        List<TreeHash> path = [];
        if (oldSize == 0 || oldSize == newSize)
        {
            return new ConsistencyProof(oldSize, newSize, path);
        }

        long start = 0;
        long count = newSize;
        while (oldSize - start != count)
        {
            long left = Split(count);
            if (oldSize - start <= left)
            {
                path.Add(Subtree(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Subtree(start, left));
                start += left;
                count -= left;
            }
        }

        // The verifier knows the old root itself; only where the walk ended elsewhere must the node be told.
        if (start > 0)
        {
            path.Add(Subtree(start, count));
        }

        path.Reverse();
        return new ConsistencyProof(oldSize, newSize, path);
    }

    // The largest power of two that is smaller than the count.
    private static long Split(long count) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(count - 1)));

    // Only ever asked for a start that is a multiple of the largest power of two within the count.
    private TreeHash Subtree(long start, long count) => BitOperations.IsPow2(count)
        ? _levels[BitOperations.Log2((ulong)count)][start / count]
        : TreeHashing.Fold(Perfect(start, count));

    private TreeHash[] Perfect(long start, long count)
    {
        TreeHash[] roots = new TreeHash[BitOperations.PopCount((ulong)count)];
        for (int i = 0; i < roots.Length; i++)
        {
            int level = BitOperations.Log2((ulong)count);
            roots[i] = _levels[level][start >> level];
            start += 1L << level;
            count -= 1L << level;
        }

        return roots;
    }

    private void CheckSize(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
    }
}
