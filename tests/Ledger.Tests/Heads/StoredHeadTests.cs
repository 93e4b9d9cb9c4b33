using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Verifier.Ledger.Tests.Heads;

/// <summary>The stored head has one form and holds together.</summary>
public sealed class StoredHeadTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 2, 0, 0, 123, TimeSpan.Zero);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void StoredHead_ComesBack(int size)
    {
        StoredHead head = Sample(size);
        Assert.True(StoredHead.TryRead(head.Encode(), out StoredHead? read));
        Assert.Equal(head.SignedHead, read.SignedHead);
        Assert.Equal(head.Frontier.Hashes, read.Frontier.Hashes);
        Assert.Equal(head.Encode(), read.Encode());
        Assert.Equal(HeadCheck.Valid, new HeadVerifier([_key]).Check(read.SignedHead));
        Assert.Equal(size, read.SignedHead.Head.Size);
        Assert.Equal(read.Frontier.Root, read.SignedHead.Head.Root);
    }

    [Fact]
    public void EachByteChanged_IsRefusedOrSeenByTheSignature()
    {
        byte[] good = Sample(7).Encode();
        HeadVerifier verifier = new([_key]);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 1;
            Assert.False(StoredHead.TryRead(bad, out StoredHead? read) && verifier.Check(read.SignedHead) == HeadCheck.Valid, $"byte {i}");
            Assert.False(StoredHead.TryRead(good.AsSpan(0, i), out _));
        }
    }

    [Theory]
    [InlineData("{\"v\":1,", "{\"v\":2,")]
    [InlineData("{\"v\":1,", "{")]
    [InlineData("{\"v\":1,", "{\"v\":1,\"v\":1,")]
    [InlineData("{\"v\":1,", "{\"v\":1,\"more\":1,")]
    [InlineData("{\"v\":1,", "{\"v\": 1,")]
    [InlineData("{\"v\":1,", "{\"v\":1.0,")]
    [InlineData("\"size\":7", "\"size\":8")]
    [InlineData("\"size\":7", "\"size\":-7")]
    [InlineData("\"size\":7", "\"size\":\"7\"")]
    [InlineData("\"default\"", "\"Default\"")]
    [InlineData("\"default\"", "\"d\\u0065fault\"")]
    [InlineData("\"default\"", "null")]
    [InlineData("\"default\"", "\"\\ud800\"")]
    [InlineData("]}", "]}\n")]
    [InlineData("]}", "],\"x\":0}")]
    [InlineData("]}", ",\"00\"]}")]
    [InlineData("]}", "]")]
    [InlineData("\"frontier\":[", "\"frontier\":[\"0000000000000000000000000000000000000000000000000000000000000000\",")]
    public void OtherForms_AreRefused(string part, string other)
    {
        string good = Encoding.UTF8.GetString(Sample(7).Encode());
        Assert.Contains(part, good, StringComparison.Ordinal);
        Assert.False(StoredHead.TryRead(Encoding.UTF8.GetBytes(good.Replace(part, other, StringComparison.Ordinal)), out _));
    }

    // The head of one tree with the frontier of another: what a writer would go on from is not what was signed.
    [Fact]
    public void ForeignFrontier_IsRefused()
    {
        string seven = Encoding.UTF8.GetString(Sample(7).Encode());
        TreeFrontier frontier = Frontier(7);
        string swapped = seven.Replace(frontier.Hashes[0].ToString(), frontier.Hashes[1].ToString(), StringComparison.Ordinal);
        Assert.NotEqual(seven, swapped);
        Assert.False(StoredHead.TryRead(Encoding.UTF8.GetBytes(swapped), out _));
    }

    [Fact]
    public void AnyBytes_GiveAnAnswer() => Gen.Byte.Array[0, 400].Sample(b => !StoredHead.TryRead(b, out _));

    public void Dispose() => _key.Dispose();

    private StoredHead Sample(int size) => StoredHead.Sign(new HeadSigner(_key), "default", Frontier(size), At);

    private static TreeFrontier Frontier(int size) =>
        Enumerable.Range(0, size).Aggregate(TreeFrontier.Empty, (f, i) => f.Append(TreeHashing.Leaf([(byte)i])));
}
