using System.Security.Cryptography;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;

namespace SevSnp.Tests.Measurement;

public sealed class KernelHashesTests
{
    private static readonly HexBytes Kernel = new(SHA256.HashData("kernel"u8));
    private static readonly HexBytes Initrd = new(SHA256.HashData("initrd"u8));

    [Fact]
    public void Table_HoldsCommandLineThenInitrdThenKernel()
    {
        byte[] expected =
        [
            .. Convert.FromHexString("06d63894224fc94cb479a793d411fd21a800"),
            .. Convert.FromHexString("d82dd09720bd944caa78e7714d36ab2a3200"),
            .. SHA256.HashData("quiet\0"u8),
            .. Convert.FromHexString("31f7ba442f3ad74b9af141e29169781d3200"),
            .. Initrd.Span,
            .. Convert.FromHexString("3794e74dd2ab7f42b835d5b172d2045b3200"),
            .. Kernel.Span,
            .. new byte[8],
        ];

        Assert.Equal(expected, Create(Kernel, Initrd, "quiet").ToArray());
        Assert.Equal(KernelHashes.TableSize, expected.Length);
    }

    [Fact]
    public void AbsentParts_AreHashesOfNothing()
    {
        KernelHashes hashes = Create(Kernel, null, null);

        Assert.Equal(new HexBytes(SHA256.HashData([])), hashes.Initrd);
        Assert.Equal(new HexBytes(SHA256.HashData([0])), hashes.CommandLine);
        Assert.Equal(hashes.CommandLine, Create(Kernel, null, "").CommandLine);
    }

    [Theory]
    [InlineData(" quiet \t")]
    [InlineData("label=caf\u00e9")]
    [InlineData("quiet\n")]
    public void CommandLine_IsHashedUnchanged(string text) =>
        Assert.Equal(new HexBytes(SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes(text), 0])), Create(Kernel, null, text).CommandLine);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void WithoutKernel_HashesAreOff(string? commandLine)
    {
        Assert.True(KernelHashes.TryCreate(null, null, commandLine, out KernelHashes? hashes, out _));
        Assert.Null(hashes);
    }

    [Fact]
    public void InitrdOrCommandLineWithoutKernel_IsRefused()
    {
        Assert.False(KernelHashes.TryCreate(null, Initrd, null, out _, out FirmwareFault initrd));
        Assert.False(KernelHashes.TryCreate(null, null, "x", out KernelHashes? hashes, out FirmwareFault commandLine));

        Assert.Equal((FirmwareFaultId.InitrdWithoutKernel, FirmwareFaultId.AppendWithoutKernel), (initrd.Id, commandLine.Id));
        Assert.Null(hashes);
    }

    [Fact]
    public void HashOfAnotherLength_IsTheCallersDefect()
    {
        Assert.Throws<ArgumentException>(() => Create(new HexBytes(new byte[31]), null, null));
        Assert.Throws<ArgumentException>(() => Create(Kernel, new HexBytes(new byte[33]), null));
    }

    private static KernelHashes Create(HexBytes? kernel, HexBytes? initrd, string? commandLine)
    {
        Assert.True(KernelHashes.TryCreate(kernel, initrd, commandLine, out KernelHashes? hashes, out FirmwareFault fault), fault.ToString());
        return hashes!;
    }
}
