using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Tests.Igvm;

namespace SevSnp.Tests.IdBlocks;

/// <summary>ID blocks in IGVM files: those of the vectors, and changes to the header's fields.</summary>
public class IgvmIdBlockTests
{
    private const string Signed = "svsm-qemu-signed-author.igvm";

    public static TheoryData<string> SignedNames =>
    [
        "svsm-qemu-signed-idkey.igvm", Signed, "tooling_bzimage_x86.igvm", "tooling_bzimage_x64.igvm", "tooling_bzimage2_shared.igvm", "tooling_elf.igvm",
    ];

    [Theory]
    [MemberData(nameof(SignedNames))]
    public void SignedVector_GivesItsBlockKeysAndSignatures(string name)
    {
        IgvmVectors.SkipUnlessPresent();
        JsonNode expected = Assert.Single(IgvmVectors.Good(name)["id_blocks"]!.AsArray())!;

        Assert.True(IgvmIdBlock.TryFind(Read(IgvmVectors.Bytes(name)), out IgvmIdBlock? found, out _));

        Assert.NotNull(found?.Auth);
        Assert.Equal(expected["id_block_hex"]!.GetValue<string>(), Convert.ToHexStringLower(found.Block.ToArray()));
        Assert.Equal(expected["id_key_digest"]!.GetValue<string>(), found.Auth.IdKey.Digest.ToString());
        Assert.Equal(expected["author_key_digest"]?.GetValue<string>(), found.Auth.AuthorKey?.Digest.ToString());
        Assert.Equal(expected["id_auth_sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(found.Auth.ToArray())));
        Assert.Equal(IdAuthOutcome.Valid, found.Auth.Verify(found.Block));
    }

    [Fact]
    public void BlockWithoutKeys_IsShownAndItsPageRefused()
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.True(IgvmIdBlock.TryFind(Read(IgvmVectors.Bytes("idblock-ld-mismatch.igvm")), out IgvmIdBlock? found, out _));

        Assert.NotNull(found);
        Assert.Equal(new string('1', 96), found.Block.Measurement.ToString());
        Assert.Equal(7u, found.Block.GuestSvn);
        Assert.Null(found.Auth);
        Assert.Equal((IdBlockFaultId.CurveIsUnknown, "ID_KEY.CURVE"), (found.AuthFault.Id, found.AuthFault.Field));
    }

    [Theory]
    [InlineData("idblock-other-mask.igvm")]
    [InlineData("svsm-qemu-snp-tdp.igvm")]
    [InlineData("tdx-only.igvm")]
    public void FileWithoutBlockForSevSnp_HasNone(string name)
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.True(IgvmIdBlock.TryFind(Read(IgvmVectors.Bytes(name)), out IgvmIdBlock? found, out IdBlockFault fault));
        Assert.Null(found);
        Assert.Equal(default, fault);
    }

    [Fact]
    public void SeveralBlocks_AreRefused()
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.False(IgvmIdBlock.TryFind(Read(IgvmVectors.Bytes("malformed/idblock-duplicate.igvm")), out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.SeveralInFile, fault.Id);
    }

    [Theory]
    [InlineData(0x04, 2, IdBlockFaultId.ReservedIsNotZero)]
    [InlineData(0x60, 2, IdBlockFaultId.AlgorithmIsUnknown)]
    [InlineData(0x64, 2, IdBlockFaultId.AlgorithmIsUnknown)]
    [InlineData(0x68 + 71, 1, IdBlockFaultId.PaddingIsNotZero)]
    [InlineData(0xF8, 1, IdBlockFaultId.CurveIsUnknown)]
    [InlineData(0xFC, 1, IdBlockFaultId.ReservedIsNotZero)]
    [InlineData(0x224, 1, IdBlockFaultId.ReservedIsNotZero)]
    [InlineData(0x220, 0, IdBlockFaultId.CurveIsUnknown)]
    public void ChangedKeyField_LeavesTheBlockWithoutPage(int offset, byte value, IdBlockFaultId id)
    {
        IgvmIdBlock? found = Find(Changed(body => body[offset] = value), out _);
        Assert.NotNull(found);
        Assert.Null(found.Auth);
        Assert.Equal(id, found.AuthFault.Id);
    }

    [Fact]
    public void AuthorKeyEnabledWithoutAuthorKey_LeavesTheBlockWithoutPage()
    {
        IgvmIdBlock? found = Find(Changed(body => body.AsSpan(0x190).Clear()), out _);
        Assert.NotNull(found);
        Assert.Equal(IdBlockFaultId.AuthorKeyIsAbsent, found.AuthFault.Id);
        Assert.Null(found.Auth);
    }

    [Fact]
    public void AuthorKeyNotEnabled_IsNotUsed()
    {
        IgvmIdBlock? found = Find(Changed(body => body[0x04] = 0), out _);
        Assert.NotNull(found?.Auth);
        Assert.Null(found.Auth.AuthorKey);
        Assert.Equal(IdAuthOutcome.Valid, found.Auth.Verify(found.Block));
    }

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x38)]
    [InlineData(0x48)]
    [InlineData(0x5C)]
    [InlineData(0x68)]
    public void ChangedSignedOrSigningByte_IsABadSignature(int offset)
    {
        IgvmIdBlock? found = Find(Changed(body => body[offset] ^= 1), out _);
        Assert.NotNull(found?.Auth);
        Assert.Equal(IdAuthOutcome.IdBlockSignatureIsBad, found.Auth.Verify(found.Block));
    }

    [Fact]
    public void OtherVersion_IsRefused()
    {
        Assert.Null(Find(Changed(body => body[0x58] = 2), out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.VersionIsUnknown, fault.Id);
    }

    private static IgvmIdBlock? Find(byte[] file, out IdBlockFault fault)
    {
        IgvmIdBlock.TryFind(Read(file), out IgvmIdBlock? found, out fault);
        return found;
    }

    private static IgvmFile Read(byte[] bytes)
    {
        Assert.True(IgvmReader.TryRead(bytes, IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault), fault.ToString());
        return file;
    }

    /// <summary>The signed vector with its ID block header changed, and the checksum set right again.</summary>
    private static byte[] Changed(Action<byte[]> change)
    {
        IgvmVectors.SkipUnlessPresent();
        byte[] bytes = IgvmVectors.Bytes(Signed);
        IgvmFile file = Read(bytes);
        IgvmHeader header = Assert.Single(file.Headers, h => h.Type == IgvmHeaderType.SnpIdBlock);
        byte[] body = file.Body(header).ToArray();
        change(body);
        body.CopyTo(bytes.AsSpan((int)header.BodyOffset));

        // CRC-32 over the fixed header with a zero checksum and the variable headers.
        const int checksum = 20;
        bytes.AsSpan(checksum, 4).Clear();
        uint crc = ~0u;
        foreach (byte b in bytes.AsSpan(0, (int)file.DataStart))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(checksum), ~crc);
        return bytes;
    }
}
