using SevSnp.Firmware;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Firmware;

public sealed class Stage1LayoutTests
{
    private const uint Entry = 0x123;

    [Fact]
    public void Images_StackDownwardFromFourGiB()
    {
        Assert.True(TryCreate(0x8000, Entry, out Stage1Layout? layout, out _));
        Assert.Equal(0xFFFF_E000, layout!.FirmwareBase);
        Assert.Equal(0xFFFF_3000, layout.SvsmBase);
        Assert.Equal(0xFFFF_3123u, layout.EntryPoint);
    }

    [Fact]
    public void VariableStore_MayBeAbsentOrFillEverything()
    {
        Assert.True(TryCreate(0, Entry, out Stage1Layout? none, out _));
        Assert.Equal(0xFFFF_B000, none!.SvsmBase);
        Assert.True(TryCreate(0xFFFF_B000, Entry, out Stage1Layout? all, out _));
        Assert.Equal(0, all!.SvsmBase);
    }

    [Theory]
    [InlineData(0x8001, FirmwareFaultId.VarsSize)]
    [InlineData(1000, FirmwareFaultId.VarsSize)]
    [InlineData(-0x1000, FirmwareFaultId.VarsSize)]
    [InlineData(0xFFFF_C000, FirmwareFaultId.VarsSize)]
    [InlineData(long.MaxValue - 0xFFF, FirmwareFaultId.VarsSize)]
    public void VariableStore_MustFit(long size, FirmwareFaultId expected)
    {
        Assert.False(TryCreate(size, Entry, out Stage1Layout? layout, out FirmwareFault fault));
        Assert.Null(layout);
        Assert.Equal(expected, fault.Id);
    }

    [Theory]
    [InlineData(0x2FFFu, FirmwareFaultId.None)]
    [InlineData(0x3000u, FirmwareFaultId.SvsmEntryPoint)]
    [InlineData(uint.MaxValue, FirmwareFaultId.SvsmEntryPoint)]
    public void EntryPoint_LiesWithinTheImage(uint entry, FirmwareFaultId expected)
    {
        TryCreate(0x8000, entry, out _, out FirmwareFault fault);
        Assert.Equal(expected, fault.Id);
    }

    [Fact]
    public void ImageWithoutEntryPoint_IsNoStage1Image()
    {
        FirmwareImage ovmf = FirmwareImageTests.Parse(FirmwareImageBuilder.AmdSev());

        Assert.False(Stage1Layout.TryCreate(ovmf, ovmf, 0x8000, out _, out FirmwareFault fault));
        Assert.Equal(FirmwareFaultId.NoSvsmInfo, fault.Id);
    }

    private static bool TryCreate(long varsSize, uint entry, out Stage1Layout? layout, out FirmwareFault fault) => Stage1Layout.TryCreate(
        FirmwareImageTests.Parse(FirmwareImageBuilder.AmdSev()), FirmwareImageTests.Parse(FirmwareImageBuilder.Stage1(3, entry)), varsSize, out layout, out fault);
}
