using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Firmware;

/// <summary>
/// Where the older COCONUT-SVSM launch puts its images: the OVMF code ends at 4 GiB, below it lies the variable store, which is not
/// measured, and below that the stage 1 image. So the size of the variable store moves every address of the SVSM.
/// </summary>
public sealed class Stage1Layout
{
    private Stage1Layout(long firmwareBase, long svsmBase, uint entryPoint) =>
        (FirmwareBase, SvsmBase, EntryPoint) = (firmwareBase, svsmBase, entryPoint);

    /// <summary>Guest physical address of the OVMF code.</summary>
    public long FirmwareBase { get; }

    /// <summary>Guest physical address of the stage 1 image.</summary>
    public long SvsmBase { get; }

    /// <summary>Where every vCPU starts.</summary>
    public uint EntryPoint { get; }

    /// <summary>Places the images.</summary>
    /// <param name="firmware">The OVMF code file.</param>
    /// <param name="svsm">The stage 1 image.</param>
    /// <param name="varsSize">Length of the variable store in bytes.</param>
    /// <param name="layout">The layout, or null when there is none.</param>
    /// <param name="fault">Why there is none.</param>
    /// <returns>True when both images and the store have their place.</returns>
    public static bool TryCreate(
        FirmwareImage firmware, FirmwareImage svsm, long varsSize, [NotNullWhen(true)] out Stage1Layout? layout, out FirmwareFault fault)
    {
        layout = null;
        fault = default;
        long firmwareBase = FirmwareLimits.TopOfMemory - firmware.Bytes.Length;
        if (varsSize < 0 || varsSize % FirmwareLimits.PageSize != 0 || varsSize > firmwareBase - svsm.Bytes.Length)
        {
            fault = new FirmwareFault(FirmwareFaultId.VarsSize, "variable store size", Found: unchecked((ulong)varsSize));
            return false;
        }

        if (svsm.SvsmEntryOffset is not { } entry)
        {
            fault = new FirmwareFault(FirmwareFaultId.NoSvsmInfo, "SVSM FOOTER");
            return false;
        }

        if (entry >= svsm.Bytes.Length)
        {
            fault = new FirmwareFault(FirmwareFaultId.SvsmEntryPoint, "SVSM_INFO.entry", Found: entry);
            return false;
        }

        long svsmBase = firmwareBase - varsSize - svsm.Bytes.Length;
        layout = new Stage1Layout(firmwareBase, svsmBase, (uint)(svsmBase + entry));
        return true;
    }
}
