using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>What the extensions of a VCEK or VLEK say (AMD 57230, VCEK and VLEK certificate extensions).</summary>
/// <param name="Kind">VCEK or VLEK.</param>
/// <param name="Product">The product line, on which issuer, product name and structure version agree.</param>
/// <param name="Tcb">The TCB the key was derived for.</param>
/// <param name="HardwareId">VCEK: the chip's id, 64 bytes (Turin: 8). Null for a VLEK.</param>
/// <param name="CspId">VLEK: the cloud provider, exact text. Null for a VCEK.</param>
public sealed record LeafContent(KeyKind Kind, ProductLine Product, TcbVersion Tcb, HexBytes? HardwareId, string? CspId);
