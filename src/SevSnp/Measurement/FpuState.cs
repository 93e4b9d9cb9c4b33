namespace SevSnp.Measurement;

/// <summary>What a host writes into the FPU words of a save area: MXCSR (offset 0x408) and X87_FCW (offset 0x410).</summary>
public enum FpuState
{
    /// <summary>MXCSR 0x1F80 and FCW 0x037F, the values after a reset: KVM with <c>KVM_SEV_INIT2</c> (Linux 6.10 and newer).</summary>
    Reset = 0,

    /// <summary>Both zero: older KVM hosts, EC2 and Google's VMM.</summary>
    Zero = 1,

    /// <summary>
    /// MXCSR 0x1F80 and FCW zero. No known host does this: a measuring tool in wide use does in its stage 1 mode, so that its
    /// digests can be recognised.
    /// </summary>
    MxcsrOnly = 2,
}

/// <summary>The stable text names of <see cref="FpuState"/>.</summary>
public static class FpuStates
{
    /// <summary>All states.</summary>
    public static IReadOnlyList<FpuState> All { get; } = [FpuState.Reset, FpuState.Zero, FpuState.MxcsrOnly];

    /// <summary>The name used on the command line and in answers: <c>reset</c>, <c>zero</c> or <c>mxcsr-only</c>.</summary>
    /// <param name="state">A state.</param>
    /// <returns>The name.</returns>
    public static string WireName(this FpuState state) => state switch
    {
        FpuState.Reset => "reset",
        FpuState.Zero => "zero",
        FpuState.MxcsrOnly => "mxcsr-only",
        _ => "unknown",
    };
}
