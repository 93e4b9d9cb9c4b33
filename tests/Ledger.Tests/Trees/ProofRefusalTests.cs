using CsCheck;

namespace Verifier.Ledger.Tests.Trees;

/// <summary>Proofs that are not the right one are refused, and none makes the checking throw.</summary>
public sealed class ProofRefusalTests
{
    private const int Most = 40;
    private static readonly MerkleTree Tree = MerkleTreeTests.Grow(Most);

    [Fact]
    public void InclusionWithOneChange_IsRefused()
    {
        for (int size = 1; size <= Most; size++)
        {
            TreeHash root = Tree.RootAt(size);
            for (int index = 0; index < size; index++)
            {
                InclusionProof proof = Tree.ProveInclusion(index, size);
                TreeHash leaf = Tree.LeafAt(index);
                foreach (IReadOnlyList<TreeHash> other in Changed(proof.Hashes))
                {
                    Assert.False(new InclusionProof(index, size, other).Verify(leaf, root));
                }

                Assert.False(proof.Verify(Flip(leaf, 0), root));
                Assert.False(proof.Verify(leaf, Flip(root, 31)));
                Assert.False(new InclusionProof(-1, size, proof.Hashes).Verify(leaf, root));
                Assert.False(new InclusionProof(size, size, proof.Hashes).Verify(leaf, root));
                Assert.False(new InclusionProof(index, -size, proof.Hashes).Verify(leaf, root));
            }
        }
    }

    [Fact]
    public void InclusionAtAnotherIndex_IsRefused()
    {
        for (int size = 2; size <= Most; size++)
        {
            for (int index = 0; index < size; index++)
            {
                IReadOnlyList<TreeHash> path = Tree.ProveInclusion(index, size).Hashes;
                for (int other = 0; other < size; other++)
                {
                    Assert.Equal(other == index, new InclusionProof(other, size, path).Verify(Tree.LeafAt(index), Tree.RootAt(size)));
                }
            }
        }
    }

    // The root decides which size is right: with another size the same path must not lead to the root of that size.
    [Fact]
    public void InclusionInAnotherSize_IsRefused()
    {
        for (int size = 1; size <= Most; size++)
        {
            for (int other = 1; other <= Most; other++)
            {
                for (int index = 0; index < Math.Min(size, other) && other != size; index++)
                {
                    Assert.False(new InclusionProof(index, other, Tree.ProveInclusion(index, size).Hashes).Verify(Tree.LeafAt(index), Tree.RootAt(other)));
                }
            }
        }
    }

    [Fact]
    public void ConsistencyWithOneChange_IsRefused()
    {
        for (int size = 1; size <= Most; size++)
        {
            TreeHash root = Tree.RootAt(size);
            for (int old = 0; old <= size; old++)
            {
                ConsistencyProof proof = Tree.ProveConsistency(old, size);
                TreeHash before = Tree.RootAt(old);
                foreach (IReadOnlyList<TreeHash> other in Changed(proof.Hashes))
                {
                    Assert.False(new ConsistencyProof(old, size, other).Verify(before, root));
                }

                Assert.False(proof.Verify(Flip(before, 5), root));
                if (old > 0)
                {
                    Assert.False(proof.Verify(before, Flip(root, 5)));
                }

                Assert.False(new ConsistencyProof(-1, size, proof.Hashes).Verify(before, root));
                Assert.False(new ConsistencyProof(size + 1, size, proof.Hashes).Verify(before, root));
            }
        }
    }

    [Fact]
    public void ConsistencyOfOtherSizes_IsRefused()
    {
        for (int size = 2; size <= Most; size++)
        {
            for (int old = 1; old < size; old++)
            {
                IReadOnlyList<TreeHash> path = Tree.ProveConsistency(old, size).Hashes;
                for (int other = 1; other < size; other++)
                {
                    Assert.Equal(other == old, new ConsistencyProof(other, size, path).Verify(Tree.RootAt(other), Tree.RootAt(size)));
                }
            }
        }
    }

    // A tree that differs in one early entry is another history, however its proofs are put.
    [Fact]
    public void ForkedTree_IsNotConsistent()
    {
        MerkleTree fork = new();
        for (int i = 0; i < Most; i++)
        {
            fork.Append(i == 3 ? Flip(Tree.LeafAt(i), 0) : Tree.LeafAt(i));
        }

        for (int old = 4; old < Most; old++)
        {
            Assert.False(fork.ProveConsistency(old, Most).Verify(Tree.RootAt(old), fork.Root));
            Assert.False(Tree.ProveConsistency(old, Most).Verify(Tree.RootAt(old), fork.Root));
        }
    }

    [Fact]
    public void AnyNumbersAndHashes_GiveAnAnswer() =>
        Gen.Select(Gen.Long, Gen.Long, Gen.Byte.Array[32].Select(b => new TreeHash(b)).List[0, 70]).Sample((a, b, path) =>
            !new InclusionProof(a, b, path).Verify(default, TreeHashing.Empty) && (a == b || !new ConsistencyProof(a, b, path).Verify(default, TreeHashing.Empty)));

    [Fact]
    public void EndlessPaths_AreRefused()
    {
        TreeHash[] path = new TreeHash[100_000];
        Assert.False(new InclusionProof(0, long.MaxValue, path).Verify(default, default));
        Assert.False(new InclusionProof(long.MaxValue - 1, long.MaxValue, path).Verify(default, default));
        Assert.False(new ConsistencyProof(1, long.MaxValue, path).Verify(default, default));
        Assert.False(new ConsistencyProof(long.MaxValue - 1, long.MaxValue, path).Verify(default, default));
    }

    // Every single byte changed, every hash left out or doubled, one added in front and behind.
    private static IEnumerable<IReadOnlyList<TreeHash>> Changed(IReadOnlyList<TreeHash> path)
    {
        yield return [.. path, TreeHashing.Empty];
        yield return [TreeHashing.Empty, .. path];
        for (int i = 0; i < path.Count; i++)
        {
            yield return [.. path.Take(i), .. path.Skip(i + 1)];
            yield return [.. path.Take(i + 1), .. path.Skip(i)];
            for (int at = 0; at < TreeHash.Length; at++)
            {
                yield return [.. path.Take(i), Flip(path[i], at), .. path.Skip(i + 1)];
            }
        }
    }

    private static TreeHash Flip(TreeHash hash, int at)
    {
        byte[] bytes = hash.ToArray();
        bytes[at] ^= 0x40;
        return new TreeHash(bytes);
    }
}
