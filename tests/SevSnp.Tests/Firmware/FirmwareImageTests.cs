using SevSnp.Firmware;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Firmware;

public sealed class FirmwareImageTests
{
    private const int Pages = 2;
    private const int Length = Pages * FirmwareLimits.PageSize;

    // Written out, so that a wrong offset of a fault cannot hide behind the builder's own arithmetic.
    private const int FooterSizeOffset = Length - 50;

    [Fact]
    public void AmdSevImage_IsReadWhole()
    {
        byte[] bytes = FirmwareImageBuilder.AmdSev(Pages).Build();

        Assert.True(FirmwareImage.TryParse(bytes, out FirmwareImage? image, out FirmwareFault fault), fault.ToString());
        Assert.Equal(bytes, image.Bytes.ToArray());
        Assert.Equal(0x0080_B004u, image.ApResetAddress);
        Assert.Equal(new KernelHashesArea(0x0081_0C00, 0x400), image.KernelHashesArea);
        Assert.Null(image.SvsmEntryOffset);
        Assert.Equal(
            [
                new(0x80_0000, 0x2000, FirmwareSectionType.SecMem), new(0x80_D000, 0x1000, FirmwareSectionType.Secrets),
                new(0x80_E000, 0x1000, FirmwareSectionType.Cpuid), new(0x80_F000, 0x1000, FirmwareSectionType.SvsmCaa),
                new(0x81_0000, 0x1000, FirmwareSectionType.KernelHashes), new(0x81_1000, 0x1000, FirmwareSectionType.SecMem),
            ],
            image.Sections);
    }

    [Fact]
    public void Stage1Image_HasItsEntryPoint()
    {
        FirmwareImage image = Parse(FirmwareImageBuilder.Stage1(entry: 0x123));

        Assert.Equal(0x123u, image.SvsmEntryOffset);
        Assert.Null(image.ApResetAddress);
        Assert.Null(image.KernelHashesArea);
    }

    [Fact]
    public void UnknownEntry_IsSkipped() =>
        Assert.Equal(0x0080_B004u, Parse(FirmwareImageBuilder.AmdSev().Entry(Guid.NewGuid(), 1, 2, 3).Entry(Guid.NewGuid())).ApResetAddress);

    [Theory]
    [InlineData(0, FirmwareFaultId.TooSmall)]
    [InlineData(49, FirmwareFaultId.TooSmall)]
    [InlineData(50, FirmwareFaultId.NotPageMultiple)]
    [InlineData(4095, FirmwareFaultId.NotPageMultiple)]
    [InlineData(4096, FirmwareFaultId.NoFooter)]
    [InlineData(64 << 20, FirmwareFaultId.NoFooter)]
    [InlineData((64 << 20) + 1, FirmwareFaultId.TooLarge)]
    public void LengthOfZeros_IsRefused(int length, FirmwareFaultId expected) => Refused(new byte[length], expected);

    [Fact]
    public void FooterGuid_IsDemanded()
    {
        byte[] bytes = FirmwareImageBuilder.AmdSev().Build();
        bytes[Length - 48] ^= 1;

        Refused(bytes, FirmwareFaultId.NoFooter, Length - 48);
    }

    [Theory]
    [InlineData(0, FirmwareFaultId.FooterSize, FooterSizeOffset)]
    [InlineData(17, FirmwareFaultId.FooterSize, FooterSizeOffset)]
    [InlineData(18, FirmwareFaultId.NoMetadata, -1)]
    [InlineData(19, FirmwareFaultId.EntrySize, FooterSizeOffset - 1)]
    [InlineData(39, FirmwareFaultId.EntrySize, FooterSizeOffset - 18)]
    [InlineData(40, FirmwareFaultId.NoMetadata, -1)]
    [InlineData(Length - 31, FirmwareFaultId.FooterSize, FooterSizeOffset)]
    [InlineData(ushort.MaxValue, FirmwareFaultId.FooterSize, FooterSizeOffset)]
    public void FooterSize_IsHeldAgainstFileAndEntries(int size, FirmwareFaultId expected, int offset)
    {
        FirmwareImageBuilder builder = FirmwareImageBuilder.AmdSev(Pages);
        builder.FooterSize = (ushort)size;

        Refused(builder.Build(), expected, offset);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(0)]
    [InlineData(0xFFFF)]
    public void EntrySize_IsHeldAgainstTheTable(int size)
    {
        byte[] bytes = FirmwareImageBuilder.AmdSev(Pages).Build();
        int header = FooterSizeOffset - 18;
        bytes[header] = (byte)size;
        bytes[header + 1] = (byte)(size >> 8);

        Refused(bytes, FirmwareFaultId.EntrySize, header);
    }

    [Fact]
    public void EntryTwice_IsRefused() =>
        Refused(FirmwareImageBuilder.AmdSev().Entry(FirmwareImageBuilder.ResetBlock, 0x0080_B004).Build(), FirmwareFaultId.DuplicateEntry);

    public static TheoryData<Guid, int, FirmwareFaultId> WrongLengths => new()
    {
        { FirmwareImageBuilder.ResetBlock, 0, FirmwareFaultId.ResetEntry },
        { FirmwareImageBuilder.ResetBlock, 2, FirmwareFaultId.ResetEntry },
        { FirmwareImageBuilder.HashesTable, 1, FirmwareFaultId.HashesEntry },
        { FirmwareImageBuilder.HashesTable, 3, FirmwareFaultId.HashesEntry },
        { FirmwareImageBuilder.SvsmInfo, 0, FirmwareFaultId.SvsmEntry },
        { FirmwareImageBuilder.SvsmInfo, 2, FirmwareFaultId.SvsmEntry },
        { FirmwareImageBuilder.Metadata, 0, FirmwareFaultId.MetadataEntry },
        { FirmwareImageBuilder.Metadata, 2, FirmwareFaultId.MetadataEntry },
    };

    [Theory]
    [MemberData(nameof(WrongLengths))]
    public void EntryOfWrongLength_IsRefused(Guid id, int words, FirmwareFaultId expected)
    {
        FirmwareImageBuilder builder = FirmwareImageBuilder.AmdSev().Without(id).Entry(id, new uint[words]);
        builder.HasMetadataEntry = id != FirmwareImageBuilder.Metadata;

        Refused(builder.Build(), expected);
    }

    [Fact]
    public void NoMetadataEntry_IsRefused() => Refused(With(b => b.HasMetadataEntry = false), FirmwareFaultId.NoMetadata);

    [Theory]
    [InlineData(0u)]
    [InlineData(15u)]
    [InlineData((uint)Length + 1)]
    [InlineData(uint.MaxValue)]
    public void MetadataOutsideTheFile_IsRefused(uint distance) => Refused(With(b => b.MetadataDistance = distance), FirmwareFaultId.MetadataOffset);

    [Theory]
    [InlineData(16u)]
    [InlineData((uint)Length)]
    public void MetadataElsewhereInTheFile_IsReadThere(uint distance) =>
        Refused(With(b => b.MetadataDistance = distance), FirmwareFaultId.MetadataSignature, Length - (int)distance);

    [Fact]
    public void MetadataSignature_IsDemanded() => Refused(With(b => b.MetadataSignature = "ASEW"), FirmwareFaultId.MetadataSignature);

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void MetadataVersion_IsDemanded(uint version) => Refused(With(b => b.MetadataVersion = version), FirmwareFaultId.MetadataVersion);

    [Theory]
    [InlineData(87u, 6u)]
    [InlineData(89u, 6u)]
    [InlineData(88u, 5u)]
    [InlineData(88u, 7u)]
    [InlineData(0u, 0u)]
    [InlineData(16u + (12 * 60), 60u)]
    [InlineData(4u, uint.MaxValue)]
    [InlineData(0xFFFF_FFFCu, 0x1555_5554u)]
    public void MetadataLength_MustAgreeWithCountAndFile(uint length, uint count) => Refused(
        With(b => (b.MetadataLength, b.MetadataCount) = (length, count)), FirmwareFaultId.MetadataLength);

    [Theory]
    [InlineData(0, FirmwareFaultId.SectionCount)]
    [InlineData(64, FirmwareFaultId.None)]
    [InlineData(65, FirmwareFaultId.SectionCount)]
    public void NumberOfSections_IsBounded(int count, FirmwareFaultId expected)
    {
        FirmwareImageBuilder builder = FirmwareImageBuilder.AmdSev().WithoutSections();
        for (uint i = 0; i < count; i++)
        {
            builder.Section(i * 0x1000, 0x1000, FirmwareSectionType.SecMem);
        }

        Expect(builder.Build(), expected);
    }

    [Theory]
    [InlineData(0x1000u, 0x1000u, 0u, FirmwareFaultId.SectionType)]
    [InlineData(0x1000u, 0x1000u, 5u, FirmwareFaultId.SectionType)]
    [InlineData(0x1000u, 0x1000u, 0xFFu, FirmwareFaultId.SectionType)]
    [InlineData(0x1001u, 0x1000u, 1u, FirmwareFaultId.SectionAlignment)]
    [InlineData(0x1000u, 0x1800u, 1u, FirmwareFaultId.SectionAlignment)]
    [InlineData(0x1000u, 0u, 1u, FirmwareFaultId.SectionSize)]
    [InlineData(0x1000u, 0u, 2u, FirmwareFaultId.SectionSize)]
    [InlineData(0x1000u, 0x2000u, 2u, FirmwareFaultId.SectionSize)]
    [InlineData(0x1000u, 0x2000u, 3u, FirmwareFaultId.SectionSize)]
    [InlineData(0x1000u, 0x2000u, 0x10u, FirmwareFaultId.SectionSize)]
    [InlineData(0xFFFF_F000u, 0x2000u, 1u, FirmwareFaultId.SectionSize)]
    [InlineData(0x90_0000u, 0xFFFF_F000u, 1u, FirmwareFaultId.SectionSize)]
    [InlineData(0x90_0000u, 0x3FFF_A000u, 1u, FirmwareFaultId.SectionSize)]
    [InlineData(0x90_0000u, 0x3FFF_9000u, 1u, FirmwareFaultId.None)]
    public void FurtherSection_KeepsTheRules(uint gpa, uint size, uint type, FirmwareFaultId expected) =>
        Expect(FirmwareImageBuilder.AmdSev().Section(gpa, size, (FirmwareSectionType)type).Build(), expected);

    [Theory]
    [InlineData(0x7F_F000u, 0x1000u, 1u, FirmwareFaultId.None)]
    [InlineData(0x7F_F000u, 0x2000u, 1u, FirmwareFaultId.SectionOverlap)]
    [InlineData(0x80_1000u, 0x1000u, 4u, FirmwareFaultId.SectionOverlap)]
    [InlineData(0x80_2000u, 0x1000u, 4u, FirmwareFaultId.None)]
    [InlineData(0x70_0000u, 0x40_0000u, 1u, FirmwareFaultId.SectionOverlap)]
    public void T83_FurtherSection_OverlapsNoOther(uint gpa, uint size, uint type, FirmwareFaultId expected) =>
        Expect(FirmwareImageBuilder.AmdSev().Section(gpa, size, (FirmwareSectionType)type).Build(), expected);

    [Fact]
    public void FaultOfASection_TellsWhereItIs()
    {
        byte[] bytes = FirmwareImageBuilder.AmdSev().Section(0x90_0000, 0x1000, (FirmwareSectionType)0x20).Build();
        Assert.False(FirmwareImage.TryParse(bytes, out _, out FirmwareFault fault));

        Assert.Equal(0x20, bytes[fault.Offset]);
        Assert.Equal($"SECTION_TYPE: SECTION[6].type at offset 0x{fault.Offset:X}: must be a known section type, is 0x20", fault.ToString());
    }

    [Fact]
    public void EveryFault_HasItsNameAndRule()
    {
        Assert.Equal(Enum.GetValues<FirmwareFaultId>().Where(id => id != FirmwareFaultId.None), FirmwareFaults.All);
        Assert.All(FirmwareFaults.All, id => Assert.Matches("^[A-Z][A-Z0-9_]+$", id.WireName()));
        Assert.All(FirmwareFaults.All, id => Assert.StartsWith("must ", FirmwareFaults.RuleOf(id), StringComparison.Ordinal));
        Assert.Equal("NONE", FirmwareFaultId.None.WireName());
    }

    internal static FirmwareImage Parse(FirmwareImageBuilder builder)
    {
        Assert.True(FirmwareImage.TryParse(builder.Build(), out FirmwareImage? image, out FirmwareFault fault), fault.ToString());
        return image;
    }

    private static byte[] With(Action<FirmwareImageBuilder> change)
    {
        FirmwareImageBuilder builder = FirmwareImageBuilder.AmdSev(Pages);
        change(builder);
        return builder.Build();
    }

    private static void Expect(byte[] bytes, FirmwareFaultId expected)
    {
        if (expected == FirmwareFaultId.None)
        {
            Assert.True(FirmwareImage.TryParse(bytes, out _, out FirmwareFault fault), fault.ToString());
        }
        else
        {
            Refused(bytes, expected);
        }
    }

    private static void Refused(byte[] bytes, FirmwareFaultId expected, int? offset = null)
    {
        Assert.False(FirmwareImage.TryParse(bytes, out FirmwareImage? image, out FirmwareFault fault));
        Assert.Null(image);
        Assert.Equal(expected, fault.Id);
        Assert.True(offset is null || offset == fault.Offset, fault.ToString());
    }
}
