using CsCheck;
using SevSnp.Launch;

namespace SevSnp.Tests.Launch;

public sealed class TcbVersionTests
{
    private static readonly Gen<byte[]> Components = Gen.Byte.Array[5];

    // The two worked examples of real parts.
    [Fact]
    public void RealMilan_IsDecodedInTheLegacyLayout()
    {
        Assert.True(TcbVersion.TryDecode(Convert.FromHexString("04000000000018db"), TcbLayout.Legacy, out TcbVersion tcb, out int bad));
        Assert.Equal(new TcbVersion(TcbLayout.Legacy, 0, 4, 0, 24, 219), tcb);
        Assert.Equal(-1, bad);
        Assert.Equal("bl 4, tee 0, snp 24, ucode 219", tcb.ToString());
    }

    [Fact]
    public void RealTurin_IsDecodedInTheTurinLayout()
    {
        Assert.True(TcbVersion.TryDecode(Convert.FromHexString("0101010400000051"), TcbLayout.Turin, out TcbVersion tcb, out _));
        Assert.Equal(new TcbVersion(TcbLayout.Turin, 1, 1, 1, 4, 81), tcb);
        Assert.Equal("fmc 1, bl 1, tee 1, snp 4, ucode 81", tcb.ToString());
    }

    [Theory]
    [InlineData(TcbLayout.Legacy, new[] { 2, 3, 4, 5 })]
    [InlineData(TcbLayout.Turin, new[] { 4, 5, 6 })]
    public void ReservedByte_IsRefusedAtItsOffset(TcbLayout layout, int[] reserved)
    {
        for (int offset = 0; offset < TcbVersion.Size; offset++)
        {
            byte[] bytes = new byte[TcbVersion.Size];
            bytes[offset] = 0x80;
            bool isDecoded = TcbVersion.TryDecode(bytes, layout, out _, out int bad);
            Assert.Equal(!reserved.Contains(offset), isDecoded);
            Assert.Equal(isDecoded ? -1 : offset, bad);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(9)]
    public void OtherLength_IsRefused(int length) => Assert.False(TcbVersion.TryDecode(new byte[length], TcbLayout.Legacy, out _, out _));

    [Fact]
    public void IsAtLeast_ComparesEveryComponent() => Gen.Select(Components, Components).Sample((a, b) =>
        Turin(a).IsAtLeast(Turin(b)) == Enumerable.Range(0, 5).All(i => a[i] >= b[i]));

    [Fact]
    public void T38_OneComponentBelow_IsNotAtLeast() => Gen.Select(Gen.Byte[1, 255].Array[5], Gen.Int[0, 4]).Sample((floor, i) =>
    {
        byte[] below = [.. floor];
        below[i]--;
        return !Turin(below).IsAtLeast(Turin(floor)) && Turin(floor).IsAtLeast(Turin(below)) && Turin(floor).IsAtLeast(Turin(floor));
    });

    // As packed numbers the first would be the larger one.
    [Fact]
    public void PackedOrder_IsNotTheOrder()
    {
        TcbVersion highMicrocode = new(TcbLayout.Legacy, 0, 3, 0, 24, 220);
        TcbVersion floor = new(TcbLayout.Legacy, 0, 4, 0, 24, 219);
        Assert.False(highMicrocode.IsAtLeast(floor));
        Assert.False(floor.IsAtLeast(highMicrocode));
    }

    [Fact]
    public void OtherLayout_IsNeverAtLeast()
    {
        TcbVersion legacy = new(TcbLayout.Legacy, 0, 255, 255, 255, 255);
        TcbVersion turin = new(TcbLayout.Turin, 0, 0, 0, 0, 0);
        Assert.False(legacy.IsAtLeast(turin));
        Assert.False(turin.IsAtLeast(legacy));
    }

    private static TcbVersion Turin(byte[] c) => new(TcbLayout.Turin, c[0], c[1], c[2], c[3], c[4]);
}
