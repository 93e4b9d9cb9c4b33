using CsCheck;

namespace Verifier.Ledger.Tests.Trees;

/// <summary>Trees, frontiers and proofs against the definitions.</summary>
public sealed class MerkleTreeTests
{
    private const int Most = 70;
    private static readonly byte[][] Leaves = Oracle.Leaves(Most);
    private static readonly MerkleTree Tree = Grow(Most);

    [Fact]
    public void RootsAndFrontiers_OfEverySize_AreTheDefined()
    {
        TreeFrontier frontier = TreeFrontier.Empty;
        for (int size = 0; size <= Most; size++)
        {
            byte[] root = Oracle.Root(Leaves.AsSpan(0, size));
            Assert.Equal(root, Tree.RootAt(size).ToArray());
            Assert.Equal(root, frontier.Root.ToArray());
            Assert.Equal(size, frontier.Size);
            Assert.Equal(frontier.Hashes, Tree.FrontierAt(size).Hashes);
            if (size < Most)
            {
                Assert.Equal(Leaves[size], Tree.LeafAt(size).ToArray());
                frontier = frontier.Append(new TreeHash(Leaves[size]));
            }
        }
    }

    [Fact]
    public void InclusionProofs_OfEveryIndexAndSize_AreTheDefinedAndHold()
    {
        for (int size = 1; size <= Most; size++)
        {
            for (int index = 0; index < size; index++)
            {
                InclusionProof proof = Tree.ProveInclusion(index, size);
                Assert.Equal(Oracle.Path(index, Leaves.AsSpan(0, size)), proof.Hashes.Select(h => h.ToArray()));
                Assert.True(proof.Verify(new TreeHash(Leaves[index]), Tree.RootAt(size)));
            }
        }
    }

    [Fact]
    public void ConsistencyProofs_OfEveryTwoSizes_AreTheDefinedAndHold()
    {
        for (int size = 1; size <= Most; size++)
        {
            Assert.True(Tree.ProveConsistency(0, size).Verify(TreeHashing.Empty, Tree.RootAt(size)));
            for (int old = 1; old <= size; old++)
            {
                ConsistencyProof proof = Tree.ProveConsistency(old, size);
                Assert.Equal(Oracle.Proof(old, Leaves.AsSpan(0, size)), proof.Hashes.Select(h => h.ToArray()));
                Assert.True(proof.Verify(Tree.RootAt(old), Tree.RootAt(size)));
            }
        }
    }

    [Fact]
    public void WhatIsNotThere_IsTheCallersFault()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.RootAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.RootAt(Most + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.LeafAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.LeafAt(Most));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.ProveInclusion(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.ProveInclusion(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.ProveConsistency(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tree.ProveConsistency(1, Most + 1));
    }

    // Past the first chunks of every level, where the exhaustive tests do not come.
    [Fact]
    public void LargeTrees_ProveAsSmallOnes()
    {
        MerkleTree tree = Grow(10_000);
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 10_000], Gen.Int[0, 9_999]).Sample((a, b, i) =>
        {
            (int old, int size) = (Math.Min(a, b), Math.Max(a, b));
            bool consistent = tree.ProveConsistency(old, size).Verify(tree.RootAt(old), tree.RootAt(size));
            bool included = i >= size || tree.ProveInclusion(i, size).Verify(tree.LeafAt(i), tree.RootAt(size));
            return consistent && included && tree.FrontierAt(size).Root == tree.RootAt(size);
        });
    }

    // Appending to a frontier that was kept gives the same as having been there from the start.
    [Fact]
    public void KeptFrontier_GoesOnAsTheTree() => Gen.Int[0, Most - 1].Sample(size =>
    {
        TreeFrontier before = Tree.FrontierAt(size);
        return TreeFrontier.TryCreate(size, before.Hashes, out TreeFrontier? kept)
            && kept.Append(new TreeHash(Leaves[size])).Root == Tree.RootAt(size + 1)
            && before.Size == size;
    });

    [Fact]
    public void FrontierWithAnotherNumberOfHashes_IsRefused()
    {
        IReadOnlyList<TreeHash> three = Tree.FrontierAt(7).Hashes;
        Assert.True(TreeFrontier.TryCreate(7, three, out _));
        Assert.False(TreeFrontier.TryCreate(8, three, out _));
        Assert.False(TreeFrontier.TryCreate(6, three, out _));
        Assert.False(TreeFrontier.TryCreate(0, three, out _));
        Assert.False(TreeFrontier.TryCreate(-1, three, out _));
        Assert.False(TreeFrontier.TryCreate(7, [], out _));
    }

    internal static MerkleTree Grow(int size)
    {
        MerkleTree tree = new();
        foreach (byte[] leaf in Oracle.Leaves(size))
        {
            tree.Append(new TreeHash(leaf));
        }

        return tree;
    }
}
