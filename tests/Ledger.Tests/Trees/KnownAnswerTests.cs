namespace Verifier.Ledger.Tests.Trees;

/// <summary>The tree of eight entries that certificate-transparency implementations test with.</summary>
public sealed class KnownAnswerTests
{
    private static readonly string[] Entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void EmptyTree_HasTheHashOfNothing()
    {
        const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Assert.Equal(Empty, TreeHashing.Empty.ToString());
        Assert.Equal(Empty, new MerkleTree().Root.ToString());
        Assert.Equal(Empty, TreeFrontier.Empty.Root.ToString());
    }

    [Fact]
    public void Roots_AreTheKnownOnes()
    {
        MerkleTree tree = new();
        TreeFrontier frontier = TreeFrontier.Empty;
        for (int i = 0; i < Entries.Length; i++)
        {
            TreeHash leaf = TreeHashing.Leaf(Convert.FromHexString(Entries[i]));
            tree.Append(leaf);
            frontier = frontier.Append(leaf);
            Assert.Equal(Roots[i], tree.Root.ToString());
            Assert.Equal(Roots[i], frontier.Root.ToString());
        }
    }

    // Inclusion of entry 5 in 8, and consistency of 6 with 8, as published with the same tree.
    [Fact]
    public void Proofs_AreTheKnownOnes()
    {
        MerkleTree tree = new();
        foreach (string entry in Entries)
        {
            tree.Append(TreeHashing.Leaf(Convert.FromHexString(entry)));
        }

        Assert.Equal(
            ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
            tree.ProveInclusion(5, 8).Hashes.Select(h => h.ToString()));
        Assert.Equal(
            ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
            tree.ProveConsistency(6, 8).Hashes.Select(h => h.ToString()));
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(100_000)]
    public void LongEntry_IsHashedAsAShortOne(int length)
    {
        byte[] entry = new byte[length];
        new Random(length).NextBytes(entry);
        Assert.Equal(Oracle.Leaf(entry), TreeHashing.Leaf(entry).ToArray());
    }
}
