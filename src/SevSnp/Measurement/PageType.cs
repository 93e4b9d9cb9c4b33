namespace SevSnp.Measurement;

/// <summary>What a page is at launch: the PAGE_TYPE of <c>SNP_LAUNCH_UPDATE</c> (SNP firmware ABI, page types). One byte.</summary>
public enum PageType : byte
{
    /// <summary>A page with contents, which are measured.</summary>
    Normal = 1,

    /// <summary>The save area of one virtual CPU, whose contents are measured.</summary>
    Vmsa = 2,

    /// <summary>A page that the firmware fills with zeros: only its type and address are measured.</summary>
    Zero = 3,

    /// <summary>A page whose contents the host may choose: only its type and address are measured.</summary>
    Unmeasured = 4,

    /// <summary>The page that receives the guest's message keys: only its type and address are measured.</summary>
    Secrets = 5,

    /// <summary>The CPUID page, whose values the firmware checks instead of measuring them.</summary>
    Cpuid = 6,
}

/// <summary>The stable text names and facts of <see cref="PageType"/>.</summary>
public static class PageTypes
{
    /// <summary>The name used in listings: <c>normal</c>, <c>vmsa</c>, <c>zero</c>, <c>unmeasured</c>, <c>secrets</c> or <c>cpuid</c>.</summary>
    /// <param name="type">A page type.</param>
    /// <returns>The name, or <c>unknown</c>.</returns>
    public static string WireName(this PageType type) => type switch
    {
        PageType.Normal => "normal",
        PageType.Vmsa => "vmsa",
        PageType.Zero => "zero",
        PageType.Unmeasured => "unmeasured",
        PageType.Secrets => "secrets",
        PageType.Cpuid => "cpuid",
        _ => "unknown",
    };

    /// <summary>Tells whether the contents of such a page enter the launch digest.</summary>
    /// <param name="type">A page type.</param>
    /// <returns>True for <see cref="PageType.Normal"/> and <see cref="PageType.Vmsa"/>.</returns>
    public static bool MeasuresContents(this PageType type) => type is PageType.Normal or PageType.Vmsa;
}
