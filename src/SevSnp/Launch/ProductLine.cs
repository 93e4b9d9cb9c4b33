namespace SevSnp.Launch;

/// <summary>AMD's product lines with SEV-SNP, by the name AMD's key service uses. Genoa includes Bergamo and Siena.</summary>
public enum ProductLine
{
    /// <summary>Not known. Evidence of an unknown product is refused, never read like the newest known one.</summary>
    Unknown = 0,

    /// <summary>Zen 3: family 0x19, models 0x00 to 0x0F.</summary>
    Milan = 1,

    /// <summary>Zen 4 and Zen 4c: family 0x19, models 0x10 to 0x1F and 0xA0 to 0xAF.</summary>
    Genoa = 2,

    /// <summary>Zen 5 and Zen 5c: family 0x1A, models 0x00 to 0x11.</summary>
    Turin = 3,
}

/// <summary>Facts about product lines.</summary>
public static class ProductLines
{
    /// <summary>The known product lines.</summary>
    public static IReadOnlyList<ProductLine> All { get; } = [ProductLine.Milan, ProductLine.Genoa, ProductLine.Turin];

    /// <summary>The product line of a CPU, by the combined family and model that reports of version 3 and later carry.</summary>
    /// <param name="cpu">Family, model and stepping.</param>
    /// <returns>The product line, or <see cref="ProductLine.Unknown"/>.</returns>
    public static ProductLine FromCpu(CpuSignature cpu) => (cpu.Family, cpu.Model) switch
    {
        (0x19, <= 0x0F) => ProductLine.Milan,
        (0x19, >= 0x10 and <= 0x1F) => ProductLine.Genoa,
        (0x19, >= 0xA0 and <= 0xAF) => ProductLine.Genoa,
        (0x1A, <= 0x11) => ProductLine.Turin,
        _ => ProductLine.Unknown,
    };

    /// <summary>The layout of a TCB version on this product line.</summary>
    /// <param name="product">A known product line.</param>
    /// <returns>The layout.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The product line is <see cref="ProductLine.Unknown"/>.</exception>
    public static TcbLayout TcbLayout(this ProductLine product) => product switch
    {
        ProductLine.Milan or ProductLine.Genoa => Launch.TcbLayout.Legacy,
        ProductLine.Turin => Launch.TcbLayout.Turin,
        _ => throw new ArgumentOutOfRangeException(nameof(product), product, "An unknown product has no TCB layout."),
    };
}

/// <summary>CPUID family, model and stepping as reports of version 3 and later carry them.</summary>
/// <param name="Family">Combined family (base + extended), report offset 0x188.</param>
/// <param name="Model">Combined model, report offset 0x189.</param>
/// <param name="Stepping">Stepping, report offset 0x18A.</param>
public readonly record struct CpuSignature(byte Family, byte Model, byte Stepping)
{
    /// <summary>Family, model and stepping in hexadecimal, for example <c>19/11/1</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Family:x2}/{Model:x2}/{Stepping:x}";
}
