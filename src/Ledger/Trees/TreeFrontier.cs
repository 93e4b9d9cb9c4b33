using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Verifier.Ledger;

/// <summary>
/// As much of a tree as is needed to append to it: the roots of its perfect subtrees, one for each bit that is set in its size
/// (RFC 9162 section 2.1.2 folds them the same way). Immutable. A writer keeps it with the head and reads no other entry.
/// </summary>
public sealed class TreeFrontier
{
    private readonly TreeHash[] _hashes;

    private TreeFrontier(long size, TreeHash[] hashes)
    {
        Size = size;
        _hashes = hashes;
        Root = TreeHashing.Fold(hashes);
    }

    /// <summary>The tree without entries.</summary>
    public static TreeFrontier Empty { get; } = new(0, []);

    /// <summary>Number of entries.</summary>
    public long Size { get; }

    /// <summary>The root of the tree.</summary>
    public TreeHash Root { get; }

    /// <summary>Roots of the perfect subtrees from left to right, the largest first; as many as bits are set in <see cref="Size"/>.</summary>
    public IReadOnlyList<TreeHash> Hashes => _hashes;

    /// <summary>Takes up a frontier that was kept.</summary>
    /// <param name="size">Number of entries.</param>
    /// <param name="hashes">Roots of the perfect subtrees from left to right.</param>
    /// <param name="frontier">The frontier, or null when refused.</param>
    /// <returns>False when the size is negative or the number of hashes is not that of its bits.</returns>
    public static bool TryCreate(long size, IReadOnlyList<TreeHash> hashes, [NotNullWhen(true)] out TreeFrontier? frontier)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        frontier = size >= 0 && hashes.Count == BitOperations.PopCount((ulong)size) ? new TreeFrontier(size, [.. hashes]) : null;
        return frontier is not null;
    }

    /// <summary>The tree with one more entry.</summary>
    /// <param name="leaf">The leaf hash of the entry (<see cref="TreeHashing.Leaf"/>).</param>
    /// <returns>A new frontier; this one stays as it is.</returns>
    public TreeFrontier Append(TreeHash leaf)
    {
        int merged = BitOperations.TrailingZeroCount(~Size);
        TreeHash last = leaf;
        for (int i = 1; i <= merged; i++)
        {
            last = TreeHashing.Node(_hashes[^i], last);
        }

        return new TreeFrontier(Size + 1, [.. _hashes.AsSpan(0, _hashes.Length - merged), last]);
    }
}
