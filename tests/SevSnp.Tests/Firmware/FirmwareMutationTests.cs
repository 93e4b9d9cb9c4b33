using CsCheck;
using SevSnp.Firmware;
using SevSnp.Measurement;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Firmware;

/// <summary>Damaged images: each is refused with a fault that lies in the file, or measured; nothing is thrown.</summary>
public sealed class FirmwareMutationTests
{
    // Table and metadata stand in the last bytes; damage elsewhere only changes page contents.
    private const int Tail = 320;

    private static readonly byte[] AmdSev = FirmwareImageBuilder.AmdSev().Build();
    private static readonly byte[] Stage1 = FirmwareImageBuilder.Stage1().Build();

    private static readonly byte[] Telling = [0, 1, 0x10, 0x7F, 0x80, 0xFF];

    private static readonly Gen<(int Offset, byte Value)[]> Damage = Gen.Select(Gen.Int[1, Tail], Gen.OneOf(Gen.Byte, Gen.Int[0, 5].Select(i => Telling[i]))).Array[1, 6];

    [Fact]
    public void DamagedTail_IsRefusedOrMeasured()
    {
        int refused = 0, measured = 0;
        Gen.Select(Gen.Bool, Damage).Sample(
            (isStage1, damage) =>
            {
                byte[] bytes = [.. isStage1 ? Stage1 : AmdSev];
                foreach ((int offset, byte value) in damage)
                {
                    bytes[^offset] = value;
                }

                Interlocked.Increment(ref TryMeasure(bytes, isStage1) ? ref measured : ref refused);
            },
            iter: 20_000);

        Assert.True(refused > 1000 && measured > 1000, $"{refused} refused, {measured} measured");
    }

    [Fact]
    public void EverySingleBitOfTheTail_IsRefusedOrMeasured()
    {
        int refused = 0;
        for (int bit = 0; bit < Tail * 8; bit++)
        {
            byte[] bytes = [.. AmdSev];
            bytes[bytes.Length - 1 - (bit / 8)] ^= (byte)(1 << (bit % 8));
            refused += TryMeasure(bytes, isStage1: false) ? 0 : 1;
        }

        Assert.InRange(refused, 500, (Tail * 8) - 256);
    }

    [Fact]
    public void EveryShorterFile_IsRefused()
    {
        for (int length = 0; length < AmdSev.Length; length++)
        {
            byte[] bytes = AmdSev[..length];
            Assert.False(FirmwareImage.TryParse(bytes, out _, out FirmwareFault fault));
            Assert.NotEqual(FirmwareFaultId.None, fault.Id);
        }
    }

    [Fact]
    public void RandomPageWithAFooter_IsRefusedOrMeasured() => Gen.Byte.Array[FirmwareLimits.PageSize].Sample(
        bytes =>
        {
            AmdSev.AsSpan(^50).CopyTo(bytes.AsSpan(bytes.Length - 50));
            TryMeasure(bytes, isStage1: false);
        },
        iter: 2_000);

    private static bool TryMeasure(byte[] bytes, bool isStage1)
    {
        if (!FirmwareImage.TryParse(bytes, out FirmwareImage? image, out FirmwareFault fault))
        {
            Assert.NotEqual(FirmwareFaultId.None, fault.Id);
            Assert.InRange(fault.Offset, -1, bytes.Length - 1);
            return false;
        }

        Assert.All(image.Sections, s => Assert.Equal(0u, (s.Gpa | s.Size) % FirmwareLimits.PageSize));
        Assert.InRange(image.Sections.Sum(s => (long)s.Size), FirmwareLimits.PageSize, FirmwareLimits.MaxSectionBytes);
        FirmwareLaunch launch = isStage1
            ? Measurement.FirmwareLaunches.Stage1() with { Svsm = image }
            : Measurement.FirmwareLaunches.Direct() with { Firmware = image, Kernel = Measurement.FirmwareLaunches.Kernel() };
        bool measured = FirmwareMeasurer.TryMeasure(launch, keepSteps: false, out LaunchMeasurement? measurement, out fault);
        Assert.Equal(measured, fault.Id == FirmwareFaultId.None);
        Assert.Equal(measured, measurement is not null);
        return measured;
    }
}
