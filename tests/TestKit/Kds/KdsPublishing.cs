using System.Text;
using SevSnp.Launch;

namespace Verifier.TestKit.Kds;

/// <summary>
/// Puts what a virtual AMD issued where AMD would serve it. The paths are written down here a second time on purpose: a slip in the
/// product's own must not cancel itself out.
/// </summary>
public static class KdsPublishing
{
    /// <summary>Serves chains and current, empty revocation lists for both kinds of leaf, and the given VCEKs.</summary>
    /// <param name="kds">The server.</param>
    /// <param name="amd">Whose certificates.</param>
    /// <param name="vceks">Of any chips of that product line.</param>
    public static void Publish(this FakeKds kds, VirtualAmd amd, params ReadOnlySpan<SimulatedKey> vceks)
    {
        ArgumentNullException.ThrowIfNull(kds);
        ArgumentNullException.ThrowIfNull(amd);
        byte[] list = amd.RevocationList().Mint();
        foreach (KeyKind kind in new[] { KeyKind.Vcek, KeyKind.Vlek })
        {
            kds.Publish(ChainPath(kind, amd.Product), Encoding.ASCII.GetBytes(amd.ChainPem(kind)));
            kds.Publish(RevocationListPath(kind, amd.Product), list);
        }

        foreach (SimulatedKey vcek in vceks)
        {
            kds.Publish(VcekPath(vcek.Chip, vcek.Tcb), vcek.Certificate);
        }
    }

    /// <summary>Where AMD serves a VCEK.</summary>
    /// <param name="chip">The chip.</param>
    /// <param name="tcb">The reported TCB.</param>
    /// <returns>Path and query.</returns>
    public static string VcekPath(SimulatedChip chip, TcbVersion tcb)
    {
        ArgumentNullException.ThrowIfNull(chip);
        string fmc = chip.Product == ProductLine.Turin ? $"fmcSPL={tcb.Fmc}&" : string.Empty;
        return $"/vcek/v1/{chip.Product}/{Convert.ToHexStringLower(chip.HardwareId)}"
            + $"?{fmc}blSPL={tcb.BootLoader}&teeSPL={tcb.Tee}&snpSPL={tcb.Snp}&ucodeSPL={tcb.Microcode}";
    }

    /// <summary>Where AMD serves an intermediate and root.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    public static string ChainPath(KeyKind kind, ProductLine product) => $"/{Folder(kind)}/v1/{product}/cert_chain";

    /// <summary>Where AMD serves a revocation list.</summary>
    /// <param name="kind">Kind of leaf.</param>
    /// <param name="product">The product line.</param>
    /// <returns>The path.</returns>
    public static string RevocationListPath(KeyKind kind, ProductLine product) => $"/{Folder(kind)}/v1/{product}/crl";

    private static string Folder(KeyKind kind) => kind == KeyKind.Vlek ? "vlek" : "vcek";
}
