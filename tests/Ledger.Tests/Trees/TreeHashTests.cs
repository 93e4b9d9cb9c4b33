namespace Verifier.Ledger.Tests.Trees;

public sealed class TreeHashTests
{
    private static readonly TreeHash Sample = TreeHashing.Leaf([1, 2, 3]);

    [Fact]
    public void Texts_ComeBack()
    {
        Assert.True(TreeHash.TryParse(Sample.ToString(), out TreeHash hex));
        Assert.True(TreeHash.TryParseBase64(Sample.ToBase64(), out TreeHash base64));
        Assert.True(TreeHash.TryRead(Sample.ToArray(), out TreeHash bytes));
        Assert.Equal([Sample, Sample, Sample], [hex, base64, bytes]);
        Assert.True(hex == Sample);
        Assert.Equal(hex.GetHashCode(), Sample.GetHashCode());
    }

    [Fact]
    public void OtherForms_AreRefused()
    {
        string hex = Sample.ToString();
        string base64 = Sample.ToBase64();
        string?[] bad = [null, "", hex[..63], hex + "0", hex.ToUpperInvariant(), " " + hex[1..], "g" + hex[1..], base64];
        Assert.DoesNotContain(bad, t => TreeHash.TryParse(t, out _));
        string?[] bad64 = [null, "", base64[..43], base64 + "=", hex, " " + base64[1..], base64[..42] + "\n=", base64[..42] + (char)(base64[42] + 1) + "="];
        Assert.DoesNotContain(bad64, t => TreeHash.TryParseBase64(t, out _));
        Assert.False(TreeHash.TryRead(new byte[31], out _));
        Assert.False(TreeHash.TryRead(new byte[33], out _));
        Assert.Throws<ArgumentException>(() => new TreeHash(new byte[31]));
    }

    [Fact]
    public void EachByte_Counts()
    {
        for (int i = 0; i < TreeHash.Length; i++)
        {
            byte[] bytes = Sample.ToArray();
            bytes[i] ^= 1;
            Assert.True(new TreeHash(bytes) != Sample);
            Assert.False(new TreeHash(bytes).Equals((object)Sample));
        }
    }
}
