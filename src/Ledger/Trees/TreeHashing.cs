using System.Security.Cryptography;

namespace Verifier.Ledger;

/// <summary>
/// The hashes of RFC 9162 section 2.1.1 over SHA-256. Leaves and inner nodes start with different bytes, so that neither can be passed
/// off as the other.
/// </summary>
public static class TreeHashing
{
    private const int Buffered = 1024;

    /// <summary>The root of the tree without entries: SHA-256 of no bytes.</summary>
    public static TreeHash Empty { get; } = new(SHA256.HashData([]));

    /// <summary>The hash of a leaf: SHA-256(0x00 || entry).</summary>
    /// <param name="entry">The bytes of the entry, of any length.</param>
    /// <returns>The leaf hash.</returns>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        if (entry.Length < Buffered)
        {
            Span<byte> input = stackalloc byte[Buffered];
            input[0] = 0;
            entry.CopyTo(input[1..]);
            SHA256.HashData(input[..(entry.Length + 1)], hash);
        }
        else
        {
            using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData([0]);
            sha.AppendData(entry);
            sha.GetHashAndReset(hash);
        }

        return new TreeHash(hash);
    }

    /// <summary>The hash of an inner node: SHA-256(0x01 || left || right).</summary>
    /// <param name="left">The hash of the left child.</param>
    /// <param name="right">The hash of the right child.</param>
    /// <returns>The hash of the node.</returns>
    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + TreeHash.Length)..]);
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(input, hash);
        return new TreeHash(hash);
    }

    /// <summary>Folds the roots of perfect subtrees into the root of the tree that they make up.</summary>
    /// <param name="hashes">Roots of the perfect subtrees from left to right, the largest first.</param>
    /// <returns>The root; <see cref="Empty"/> without any.</returns>
    internal static TreeHash Fold(ReadOnlySpan<TreeHash> hashes)
    {
        if (hashes.IsEmpty)
        {
            return Empty;
        }

        TreeHash root = hashes[^1];
        for (int i = hashes.Length - 2; i >= 0; i--)
        {
            root = Node(hashes[i], root);
        }

        return root;
    }
}
