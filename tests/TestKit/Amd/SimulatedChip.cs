using System.Security.Cryptography;
using System.Text;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>A processor that exists only here.</summary>
/// <param name="Product">Its product line.</param>
/// <param name="HardwareId">As a VCEK carries it: 64 bytes, on Turin 8.</param>
/// <param name="Cpu">Family, model and stepping.</param>
public sealed record SimulatedChip(ProductLine Product, byte[] HardwareId, CpuSignature Cpu)
{
    /// <summary>CHIP_ID as a report carries it: 64 bytes, on Turin the last 56 zero.</summary>
    public byte[] ChipId => [.. HardwareId, .. new byte[64 - HardwareId.Length]];

    /// <summary>The chip of a name; the same name is always the same chip.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="name">Any text.</param>
    /// <returns>The chip.</returns>
    public static SimulatedChip Named(ProductLine product, string name = "first")
    {
        byte[] id = SHA512.HashData(Encoding.UTF8.GetBytes($"simulated chip {product} {name}"));
        return new SimulatedChip(product, product == ProductLine.Turin ? id[..8] : id, DefaultCpu(product));
    }

    /// <summary>A TCB version that real parts of a product line have had.</summary>
    /// <param name="product">The product line.</param>
    /// <returns>The version.</returns>
    public static TcbVersion DefaultTcb(ProductLine product) => product switch
    {
        ProductLine.Milan => new TcbVersion(TcbLayout.Legacy, 0, 4, 0, 24, 219),
        ProductLine.Genoa => new TcbVersion(TcbLayout.Legacy, 0, 10, 0, 23, 84),
        _ => new TcbVersion(TcbLayout.Turin, 1, 1, 1, 4, 81),
    };

    private static CpuSignature DefaultCpu(ProductLine product) => product switch
    {
        ProductLine.Milan => new CpuSignature(0x19, 0x01, 1),
        ProductLine.Genoa => new CpuSignature(0x19, 0x11, 1),
        _ => new CpuSignature(0x1A, 0x02, 1),
    };
}
