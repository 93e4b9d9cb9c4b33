using CsCheck;
using SevSnp.Primitives;

namespace SevSnp.Tests.Primitives;

public sealed class WireReaderTests
{
    [Fact]
    public void Numbers_AreLittleEndian()
    {
        WireReader reader = new([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]);
        Assert.Equal(0x01, reader.Byte());
        Assert.Equal(0x05040302U, reader.UInt32());
        Assert.Equal(0x0D0C0B0A09080706UL, reader.UInt64());
        Assert.True(reader.Complete);
        Assert.Equal(13, reader.Position);
    }

    [Fact]
    public void ReadBeyondTheEnd_FailsForGood()
    {
        WireReader reader = new([1, 2, 3]);
        Assert.Equal(0U, reader.UInt32());
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.Byte());
        Assert.True(reader.Take(1).IsEmpty);
        Assert.False(reader.Complete);
        Assert.Equal(0, reader.Position);
    }

    [Fact]
    public void BytesLeftOver_AreNotComplete()
    {
        WireReader reader = new([1, 2]);
        reader.Byte();
        Assert.False(reader.Complete);
        Assert.False(reader.Failed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(4)]
    public void ImpossibleCount_Fails(int count)
    {
        WireReader reader = new([1, 2, 3]);
        Assert.True(reader.Take(count).IsEmpty);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void AnyReads_NeverThrowAndNeverPassTheEnd() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[-2, 20].Array[0, 12]).Sample((bytes, counts) =>
        {
            WireReader reader = new(bytes);
            int taken = 0;
            foreach (int count in counts)
            {
                taken += reader.Take(count).Length;
            }

            return taken == reader.Position && taken <= bytes.Length && (!reader.Complete || taken == bytes.Length);
        });
}
