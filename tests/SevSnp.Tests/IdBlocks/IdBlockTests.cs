using System.Security.Cryptography;
using SevSnp.IdBlocks;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Tests.IdBlocks;

public class IdBlockTests
{
    public static TheoryData<string> Ids => new(IdBlockVectors.BlockIds);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Vector_IsCreatedByteForByteAndReadAgain(string id)
    {
        var vector = IdBlockVectors.Block(id);
        byte[] created = IdBlockVectors.Create(vector).ToArray();

        var expected = vector.GetProperty("expect");
        Assert.Equal(expected.Text("bytes"), Convert.ToHexStringLower(created));
        Assert.Equal(expected.Text("base64"), Convert.ToBase64String(created));
        Assert.Equal(expected.Text("sha384"), Convert.ToHexStringLower(SHA384.HashData(created)));
        Assert.True(IdBlock.TryParse(created, out IdBlock? read, out _));
        Assert.Equal(created, read.ToArray());
        Assert.Equal(vector.Text("launchDigest"), read.Measurement.ToString());
        Assert.Equal(vector.Text("familyId"), read.FamilyId.ToString());
        Assert.Equal(vector.Text("imageId"), read.ImageId.ToString());
        Assert.Equal(vector.GetProperty("guestSvn").GetUInt32(), read.GuestSvn);
        Assert.Equal(vector.Text("policy"), read.Policy.ToString());
    }

    [Fact]
    public void EverySingleBitFlip_IsRefusedOrAnotherBlock()
    {
        byte[] good = TestKeys.Block.ToArray();
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] changed = [.. good];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bool isFree = bit / 8 is < 0x50 or (>= 0x54 and < 0x5B) || (bit / 8 == 0x5B && bit % 8 < 2);
            bool isPolicy = bit / 8 == 0x5A && bit % 8 == 1;
            Assert.Equal(isFree && !isPolicy, IdBlock.TryParse(changed, out IdBlock? block, out IdBlockFault fault));
            if (block is null)
            {
                Assert.Equal(bit / 8 < 0x58 ? IdBlockFaultId.VersionIsUnknown : IdBlockFaultId.PolicyIsMalformed, fault.Id);
            }
            else
            {
                Assert.Equal(changed, block.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(95)]
    [InlineData(97)]
    public void AnotherLength_IsRefused(int length)
    {
        byte[] bytes = TestKeys.Block.ToArray();
        Array.Resize(ref bytes, length);
        Assert.False(IdBlock.TryParse(bytes, out _, out IdBlockFault fault));
        Assert.Equal(new IdBlockFault(IdBlockFaultId.LengthIsWrong, "ID block", -1, $"must be exactly 96 bytes long, is {length}"), fault);
    }

    [Theory]
    [InlineData(0x10000UL)]
    [InlineData(0x4030000UL)]
    [InlineData(0x8000000000030000UL)]
    public void MalformedPolicy_IsNotCreated(ulong policy)
    {
        Assert.False(IdBlock.TryCreate(default, null, null, 0, new GuestPolicy(policy), out _, out IdBlockFault fault));
        Assert.Equal((IdBlockFaultId.PolicyIsMalformed, "POLICY", 0x58), (fault.Id, fault.Field, fault.Offset));
    }

    [Theory]
    [InlineData(15, 16)]
    [InlineData(16, 17)]
    public void IdentifierOfAnotherLength_IsNotCreated(int family, int image)
    {
        Assert.False(IdBlock.TryCreate(
            default, new HexBytes(new byte[family]), new HexBytes(new byte[image]), 0, new GuestPolicy(0x30000), out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.IdentifierIsMalformed, fault.Id);
    }

    [Fact]
    public void Compare_TellsWhatDiffersFirst()
    {
        IdBlock block = TestKeys.Block;
        byte[] other = block.Measurement.ToArray();
        other[47] ^= 1;
        GuestPolicy debug = new(0xB0000);

        Assert.Equal(IdBlockMatch.Matches, block.Compare(block.Measurement, block.Policy));
        Assert.Equal(IdBlockMatch.PolicyDiffers, block.Compare(block.Measurement, debug));
        Assert.Equal(IdBlockMatch.MeasurementDiffers, block.Compare(new Digest384(other), block.Policy));
        Assert.Equal(IdBlockMatch.MeasurementDiffers, block.Compare(new Digest384(other), debug));
    }
}
