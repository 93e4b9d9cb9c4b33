namespace SevSnp.Launch;

/// <summary>How a launch can differ from the one a file is meant for, beyond what a profile can tell.</summary>
public enum LaunchDeviation
{
    /// <summary>It does not.</summary>
    None = 0,

    /// <summary>The measurement ends before the first save area.</summary>
    SaveAreasAbsent = 1,

    /// <summary>The measurement ends amid the pages of the file.</summary>
    Unfinished = 2,

    /// <summary>The save areas have DebugSwap (SEV_FEATURES bit 5) set, which the file has clear.</summary>
    DebugSwapSet = 3,

    /// <summary>The save areas have DebugSwap (SEV_FEATURES bit 5) clear, which the file has set.</summary>
    DebugSwapCleared = 4,
}
