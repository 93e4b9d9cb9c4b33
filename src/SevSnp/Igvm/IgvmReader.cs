using System.Diagnostics.CodeAnalysis;
using SevSnp.Igvm.Reading;

namespace SevSnp.Igvm;

/// <summary>
/// Reads IGVM files of format versions 1 and 2. Every rule is checked before the file can be used; a file from a stranger costs no more
/// than <see cref="IgvmLimits"/> allow. File data is not covered by the checksum of the format: a changed page shows only in the
/// launch digest.
/// </summary>
public static class IgvmReader
{
    /// <summary>Reads a file in memory.</summary>
    /// <param name="bytes">The file; not copied, and not to be changed while it is in use.</param>
    /// <param name="options">Strictness and limits.</param>
    /// <param name="file">The file.</param>
    /// <param name="fault">The fault for which it is refused.</param>
    /// <returns>True when the file is not refused; it may have warnings.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, IgvmReadOptions options, [NotNullWhen(true)] out IgvmFile? file, out IgvmFault fault) =>
        TryRead(IgvmBytes.Of(bytes), options, out file, out fault);

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The file; not copied, and not to be changed while it is in use.</param>
    /// <param name="options">Strictness and limits.</param>
    /// <param name="file">The file.</param>
    /// <param name="fault">The fault for which it is refused.</param>
    /// <returns>True when the file is not refused; it may have warnings.</returns>
    public static bool TryRead(IgvmBytes bytes, IgvmReadOptions options, [NotNullWhen(true)] out IgvmFile? file, out IgvmFault fault)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(options);
        Findings findings = new(options.Strictness);
        file = Read(bytes, options, findings);
        fault = file is null ? findings.Refusal : default;
        return file is not null;
    }

    private static IgvmFile? Read(IgvmBytes bytes, IgvmReadOptions options, Findings findings)
    {
        if (!FixedHeader.TryRead(bytes, options.Limits, findings, out FixedHeader header)
            || !findings.Holds(header.Checksum == header.ComputeChecksum(bytes), IgvmFaultId.ChecksumWrong, FixedHeader.ChecksumOffset, "IGVM.checksum", header.Checksum))
        {
            return null;
        }

        ReadState state = new(bytes, header, options.Limits, findings);
        return HeaderChecks.CheckAll(state) && CheckWhole(state)
            ? new IgvmFile(state, findings)
            : null;
    }

    private static bool CheckWhole(ReadState state) =>
        state.Holds(state.Platforms.Count > 0, IgvmFaultId.PlatformAbsent, state.Header.SectionOffset, "SUPPORTED_PLATFORM")
        && state.Relocations.CheckContexts(state)
        && state.Extents.CheckOverlaps(state);
}
