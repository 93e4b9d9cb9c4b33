using System.Buffers.Binary;
using System.Security.Cryptography;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.TestKit.Firmware;

namespace SevSnp.Tests.Measurement;

/// <summary>Launches of firmware that no build made, and a second way to chain their pages.</summary>
internal static class FirmwareLaunches
{
    public static readonly VcpuSignature Milan = VcpuSignature.Of(25, 1, 1);

    public static FirmwareLaunch Direct(FirmwareProfile? profile = null, int vcpus = 2, FirmwareImageBuilder? image = null) => new()
    {
        Profile = profile ?? FirmwareProfile.QemuKvm,
        Firmware = Parse(image ?? FirmwareImageBuilder.AmdSev()),
        Vcpus = vcpus,
        Cpu = Milan,
    };

    public static FirmwareLaunch Stage1(int vcpus = 2) => Direct(FirmwareProfile.Stage1Svsm, vcpus) with
    {
        Svsm = Parse(FirmwareImageBuilder.Stage1()),
        VarsSize = 0x8000,
    };

    public static KernelHashes Kernel(string commandLine = "quiet")
    {
        Assert.True(KernelHashes.TryCreate(new HexBytes(SHA256.HashData("k"u8)), null, commandLine, out KernelHashes? hashes, out _));
        return hashes!;
    }

    public static LaunchMeasurement Measure(FirmwareLaunch launch)
    {
        Assert.True(FirmwareMeasurer.TryMeasure(launch, keepSteps: true, out LaunchMeasurement? measurement, out FirmwareFault fault), fault.ToString());
        return measurement;
    }

    public static FirmwareFaultId Refused(FirmwareLaunch launch)
    {
        bool measured = FirmwareMeasurer.TryMeasure(launch, keepSteps: false, out LaunchMeasurement? measurement, out FirmwareFault fault);
        Assert.Equal(measured, measurement is not null);
        Assert.Equal(measured, fault.Id == FirmwareFaultId.None);
        return fault.Id;
    }

    /// <summary>The chain written out once more, from page types, addresses and bytes.</summary>
    public static string Chain(IEnumerable<(PageType Type, ulong Gpa, byte[]? Page)> pages)
    {
        byte[] digest = new byte[48];
        foreach ((PageType type, ulong gpa, byte[]? page) in pages)
        {
            byte[] address = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(address, gpa);
            digest = SHA384.HashData([.. digest, .. page is null ? new byte[48] : SHA384.HashData(page), 0x70, 0, (byte)type, 0, 0, 0, 0, 0, .. address]);
        }

        return Convert.ToHexStringLower(digest);
    }

    private static FirmwareImage Parse(FirmwareImageBuilder builder)
    {
        Assert.True(FirmwareImage.TryParse(builder.Build(), out FirmwareImage? image, out FirmwareFault fault), fault.ToString());
        return image;
    }
}
