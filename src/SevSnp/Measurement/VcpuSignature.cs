using System.Globalization;

namespace SevSnp.Measurement;

/// <summary>
/// The signature of a virtual CPU, EAX of CPUID leaf 1, which KVM puts into RDX of its save area. It is the signature of the CPU model
/// that the VMM was told to show, not of the machine. Any value is legal, zero too.
/// </summary>
/// <param name="Raw">The 32 bits of EAX.</param>
public readonly record struct VcpuSignature(uint Raw)
{
    private static readonly Dictionary<string, VcpuSignature> ByName = Names(
        (Of(23, 1, 2), ["EPYC", "EPYC-v1", "EPYC-v2", "EPYC-v3", "EPYC-v4", "EPYC-IBPB"]),
        (Of(23, 49, 0), ["EPYC-Rome", "EPYC-Rome-v1", "EPYC-Rome-v2", "EPYC-Rome-v3"]),
        (Of(25, 1, 1), ["EPYC-Milan", "EPYC-Milan-v1", "EPYC-Milan-v2"]),
        (Of(25, 17, 0), ["EPYC-Genoa", "EPYC-Genoa-v1"]),
        (Of(26, 0, 0), ["EPYC-Turin"]));

    /// <summary>The CPU types of QEMU whose signature is known.</summary>
    public static IReadOnlyList<string> TypeNames { get; } = [.. ByName.Keys];

    /// <summary>Makes a signature of family, model and stepping.</summary>
    /// <param name="family">Combined family, 0 to 0x10E.</param>
    /// <param name="model">Combined model, 0 to 0xFF.</param>
    /// <param name="stepping">Stepping, 0 to 15.</param>
    /// <returns>The signature, as CPUID packs it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number does not fit its bits: a defect of the caller.</exception>
    public static VcpuSignature Of(uint family, uint model, uint stepping)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(family, 0xFu + 0xFF);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(model, 0xFFu);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stepping, 0xFu);
        uint extendedFamily = family > 0xF ? family - 0xF : 0;
        return new VcpuSignature((extendedFamily << 20) | ((model >> 4) << 16) | (Math.Min(family, 0xF) << 8) | ((model & 0xF) << 4) | stepping);
    }

    /// <summary>The signature of a CPU type by its QEMU name. Capitals do not matter.</summary>
    /// <param name="name">For example <c>EPYC-Milan</c> or <c>EPYC-v4</c>.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>True when the type is known.</returns>
    public static bool TryFromType(string name, out VcpuSignature signature) => ByName.TryGetValue(name, out signature);

    /// <summary>The signature in hexadecimal.</summary>
    /// <returns>The text, for example <c>0x00a00f11</c>.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Raw:x8}");

    private static Dictionary<string, VcpuSignature> Names(params (VcpuSignature Signature, string[] Names)[] rows) =>
        rows.SelectMany(r => r.Names.Select(n => (Name: n, r.Signature))).ToDictionary(r => r.Name, r => r.Signature, StringComparer.OrdinalIgnoreCase);
}
