namespace SevSnp.Launch;

/// <summary>How a guest was launched, which decides what its launch measurement covers.</summary>
public enum LaunchKind
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>An IGVM file with COCONUT-SVSM.</summary>
    SvsmIgvm = 1,

    /// <summary>Any other IGVM file.</summary>
    Igvm = 2,

    /// <summary>The older COCONUT-SVSM launch from a stage 1 image without IGVM.</summary>
    Stage1 = 3,

    /// <summary>OVMF firmware without an SVSM.</summary>
    Ovmf = 4,
}

/// <summary>The stable text names of <see cref="LaunchKind"/>.</summary>
public static class LaunchKinds
{
    /// <summary>The name used on the command line and in answers: <c>svsm-igvm</c>, <c>igvm</c>, <c>stage1</c> or <c>ovmf</c>.</summary>
    /// <param name="kind">A launch kind.</param>
    /// <returns>The name, or <c>unspecified</c>.</returns>
    public static string WireName(this LaunchKind kind) => kind switch
    {
        LaunchKind.SvsmIgvm => "svsm-igvm",
        LaunchKind.Igvm => "igvm",
        LaunchKind.Stage1 => "stage1",
        LaunchKind.Ovmf => "ovmf",
        _ => "unspecified",
    };
}
