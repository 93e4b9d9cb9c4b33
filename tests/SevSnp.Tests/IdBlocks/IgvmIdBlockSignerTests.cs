using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.Tests.Igvm;

namespace SevSnp.Tests.IdBlocks;

public class IgvmIdBlockSignerTests
{
    private const string Plain = "svsm-qemu-snp-tdp.igvm";

    [Theory]
    [InlineData(Plain, true)]
    [InlineData(Plain, false)]
    [InlineData("svsm-hyperv-snp-tdp-vsm.igvm", true)]
    [InlineData("v2-minimal.igvm", true)]
    [InlineData("svsm-qemu-snp-native-fw-v2.igvm", false)]
    public void SignedFile_GivesTheBlockAgainAndMeasuresTheSame(string name, bool withAuthor)
    {
        IgvmFile file = Read(name);
        Digest384 before = Measure(file);
        Assert.True(IgvmIdBlockSigner.TryCreateBlock(file, before, new HexBytes(Enumerable.Repeat((byte)7, 16).ToArray()), null, 3, out IdBlock? block, out _));
        IdAuth auth = IdAuth.Sign(block, TestKeys.Id, withAuthor ? TestKeys.Author : null);

        Assert.True(IgvmIdBlockSigner.TryAdd(file, block, auth, out IgvmFile? signed, out IdBlockFault fault), fault.ToString());

        Assert.Equal(before, Measure(signed));
        Assert.Equal(file.FormatVersion, signed.FormatVersion);
        Assert.Equal(file.Warnings.Count, signed.Warnings.Count);
        Assert.True(IgvmIdBlock.TryFind(signed, out IgvmIdBlock? found, out _));
        Assert.Equal(block.ToArray(), found!.Block.ToArray());
        Assert.Equal(auth.ToArray(), found.Auth!.ToArray());
        Assert.Equal(IdAuthOutcome.Valid, found.Auth.Verify(found.Block));
        Assert.Equal(withAuthor, found.Auth.AuthorKey is not null);
    }

    // The vectors that igvmmeasure signed: what stands in their headers comes out of the same block and page.
    [Theory]
    [InlineData("svsm-qemu-signed-author.igvm")]
    [InlineData("svsm-qemu-signed-idkey.igvm")]
    [InlineData("tooling_elf.igvm")]
    public void HeaderOfAVector_IsWrittenByteForByte(string name)
    {
        IgvmFile file = Read(name);
        IgvmHeader header = Assert.Single(file.Headers, h => h.Type == IgvmHeaderType.SnpIdBlock);
        Assert.True(IgvmIdBlock.TryFind(file, out IgvmIdBlock? found, out _));
        uint mask = file.Platform(IgvmPlatformType.SevSnp)!.Value.CompatibilityMask;
        Assert.Equal(file.Body(header).ToArray(), IgvmIdBlock.ToHeader(mask, found!.Block, found.Auth!));
    }

    [Theory]
    [InlineData("svsm-qemu-signed-author.igvm", "no ID block for SEV-SNP yet")]
    [InlineData("optional-unknown-header.igvm", "no unknown optional header")]
    public void FileThatCannotTakeABlock_IsRefused(string name, string rule)
    {
        IgvmFile file = Read(name);
        Assert.True(IgvmIdBlockSigner.TryCreateBlock(file, Measure(file), null, null, 0, out IdBlock? block, out _));
        Assert.False(IgvmIdBlockSigner.TryAdd(file, block, IdAuth.Sign(block, TestKeys.Id), out IgvmFile? signed, out IdBlockFault fault));
        Assert.Null(signed);
        Assert.Equal(IdBlockFaultId.FileIsNotExtensible, fault.Id);
        Assert.Contains(rule, fault.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tdx-only.igvm")]
    [InlineData("no-guest-policy.igvm")]
    public void FileWithoutGuestPolicyForSevSnp_HasNoBlock(string name)
    {
        Assert.False(IgvmIdBlockSigner.TryCreateBlock(Read(name), default, null, null, 0, out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.PolicyIsAbsent, fault.Id);
    }

    [Fact]
    public void BlockForAnotherPolicy_IsRefused()
    {
        IgvmFile file = Read(Plain);
        Assert.True(IdBlock.TryCreate(Measure(file), null, null, 0, new GuestPolicy(0x20000), out IdBlock? block, out _));
        Assert.False(IgvmIdBlockSigner.TryAdd(file, block, IdAuth.Sign(block, TestKeys.Id), out IgvmFile? signed, out IdBlockFault fault));
        Assert.Null(signed);
        Assert.Equal("GUEST_POLICY", fault.Field);
    }

    [Fact]
    public void FileNotForSevSnp_TakesNoBlock()
    {
        Assert.False(IgvmIdBlockSigner.TryAdd(Read("tdx-only.igvm"), TestKeys.Block, IdAuth.Sign(TestKeys.Block, TestKeys.Id), out _, out IdBlockFault fault));
        Assert.Equal("the file must be made for SEV-SNP", fault.Rule);
    }

    private static IgvmFile Read(string name)
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.True(IgvmReader.TryRead(IgvmVectors.Bytes(name), IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault), fault.ToString());
        return file;
    }

    private static Digest384 Measure(IgvmFile file)
    {
        Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? measurement, out IgvmMeasureFault fault), fault.ToString());
        return measurement.Digest;
    }
}
