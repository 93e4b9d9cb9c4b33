using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Launch;

/// <summary>Whose way of launching an IGVM file a measurement stands for. The same file has another digest where the ways differ.</summary>
public enum LaunchProfile
{
    /// <summary>Not stated.</summary>
    Unspecified = 0,

    /// <summary>As the text of the format says: in file order, shared pages left out.</summary>
    Spec = 1,

    /// <summary>QEMU on KVM: save areas last, the shared flag not looked at.</summary>
    QemuKvm = 2,

    /// <summary>Hyper-V and MSHV: in file order, shared pages left out.</summary>
    HyperV = 3,

    /// <summary>Google's Vanadium: save areas last, zero pages by their own type.</summary>
    Vanadium = 4,
}

/// <summary>The type that a page without content is launched with.</summary>
public enum ZeroPages
{
    /// <summary>As a normal page whose content happens to be zero.</summary>
    Normal = 1,

    /// <summary>As a zero page, whose content is not hashed.</summary>
    Native = 2,
}

/// <summary>The stable text names of <see cref="LaunchProfile"/> and <see cref="ZeroPages"/>.</summary>
public static class LaunchProfiles
{
    /// <summary>All profiles.</summary>
    public static IReadOnlyList<LaunchProfile> All { get; } =
        [LaunchProfile.Spec, LaunchProfile.QemuKvm, LaunchProfile.HyperV, LaunchProfile.Vanadium];

    /// <summary>The name used on the command line and in records: <c>spec</c>, <c>qemu-kvm</c>, <c>hyperv</c> or <c>vanadium</c>.</summary>
    /// <param name="profile">A profile.</param>
    /// <returns>The name, or <c>unspecified</c>.</returns>
    public static string WireName(this LaunchProfile profile) => profile switch
    {
        LaunchProfile.Spec => "spec",
        LaunchProfile.QemuKvm => "qemu-kvm",
        LaunchProfile.HyperV => "hyperv",
        LaunchProfile.Vanadium => "vanadium",
        _ => "unspecified",
    };

    /// <summary>The name used on the command line and in records: <c>normal</c> or <c>native</c>.</summary>
    /// <param name="zeroPages">A choice.</param>
    /// <returns>The name, or <c>unspecified</c>.</returns>
    public static string WireName(this ZeroPages zeroPages) => zeroPages switch
    {
        ZeroPages.Normal => "normal",
        ZeroPages.Native => "native",
        _ => "unspecified",
    };

    /// <summary>Finds a profile by its name.</summary>
    /// <param name="name">The exact name.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>True when there is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out LaunchProfile profile)
    {
        profile = All.FirstOrDefault(p => p.WireName() == name);
        return profile != LaunchProfile.Unspecified;
    }
}
