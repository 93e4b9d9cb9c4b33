using System.Diagnostics.CodeAnalysis;
using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <summary>
/// What REPORT_DATA must be, by exactly one named scheme, never tried one after another. Lengths are checked when a binding is
/// made, so that one that exists is always well formed.
/// </summary>
public sealed class ReportDataBinding
{
    /// <summary>Length of REPORT_DATA in bytes.</summary>
    public const int Size = 64;

    private ReportDataBinding()
    {
    }

    /// <summary><c>report_data</c>, <c>nonce</c>, <c>svsm_manifest</c>, <c>svsm_negotiated</c> or <c>sha512</c>.</summary>
    public string Scheme => throw new NotSupportedException();

    /// <summary>The 64 bytes that REPORT_DATA must be.</summary>
    public HexBytes Expected => throw new NotSupportedException();

    /// <summary>The parts that were hashed, in order; empty for <c>report_data</c> and <c>nonce</c>.</summary>
    public IReadOnlyList<HexBytes> Parts => throw new NotSupportedException();

    /// <summary>True when the scheme holds a nonce that the caller chose freshly.</summary>
    public bool ShowsFreshness => throw new NotSupportedException();

    /// <summary>Exactly these bytes.</summary>
    /// <param name="reportData">64 bytes.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryExact(ReadOnlySpan<byte> reportData, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule) => throw new NotSupportedException();

    /// <summary>A nonce that the caller chose freshly.</summary>
    /// <param name="nonce">64 bytes.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryNonce(ReadOnlySpan<byte> nonce, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule) => throw new NotSupportedException();

    /// <summary>SHA-512 of a nonce and the SVSM's services manifest (AMD 58019, attestation protocol).</summary>
    /// <param name="nonce">64 bytes.</param>
    /// <param name="manifest">1 byte to 16 KiB.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySvsmManifest(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> manifest, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule) => throw new NotSupportedException();

    /// <summary>SHA-512 of a challenge and the guest's P-521 key (COCONUT-SVSM early attestation).</summary>
    /// <param name="challenge">1 to 1024 bytes.</param>
    /// <param name="x">66 bytes, big endian.</param>
    /// <param name="y">66 bytes, big endian.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySvsmNegotiated(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule) => throw new NotSupportedException();

    /// <summary>SHA-512 of parts, one behind the other.</summary>
    /// <param name="parts">1 to 16 parts, 16 KiB together; each with the length its protocol fixes, which only the last may lack.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySha512(IReadOnlyList<(ReadOnlyMemory<byte> Value, uint? FixedLength)> parts, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule) => throw new NotSupportedException();
}
