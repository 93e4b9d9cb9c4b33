using System.Text;
using SevSnp.Igvm.Reading;

namespace SevSnp.Tests.Igvm;

/// <summary>The checksum of the format.</summary>
public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void KnownText_HasItsChecksum(string text, uint expected) => Assert.Equal(expected, Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Pieces_GiveTheSameAsTheWhole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Of(bytes), Crc32.Finish(Crc32.Update(Crc32.Update(Crc32.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));
        }
    }

    private static uint Of(byte[] bytes) => Crc32.Finish(Crc32.Update(Crc32.Start, bytes));
}
