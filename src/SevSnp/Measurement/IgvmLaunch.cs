using System.Globalization;
using SevSnp.Launch;

namespace SevSnp.Measurement;

/// <summary>One way in which an IGVM file may be launched: a profile and what is stated beyond it.</summary>
public sealed record IgvmLaunch
{
    /// <summary>Most save areas that can be asked for.</summary>
    public const int MaxVmsas = 4096;

    /// <summary>The profile.</summary>
    public LaunchProfile Profile { get; init; } = LaunchProfile.Spec;

    /// <summary>Type of pages without content, or null for that of the profile.</summary>
    public ZeroPages? ZeroPages { get; init; }

    /// <summary>
    /// Number of save areas that are measured, 1 to <see cref="MaxVmsas"/>, or null for those in the file. More than the file's
    /// only one: copies of it, as KVM does for every vCPU of a guest that is not marked as an SVSM. Fewer: the first ones.
    /// </summary>
    public int? Vmsas { get; init; }

    /// <summary>Measures like the tool igvmmeasure where that differs from the format; the profile then decides nothing.</summary>
    public bool LikeIgvmmeasure { get; init; }

    /// <summary>The name to store with a digest, for example <c>qemu-kvm</c> or <c>spec;zero-pages=native;vmsas=4</c>.</summary>
    public string Name
    {
        get
        {
            string name = LikeIgvmmeasure ? "igvmmeasure" : Profile.WireName();
            name = ZeroPages is { } zero ? $"{name};zero-pages={zero.WireName()}" : name;
            return Vmsas is { } count ? string.Create(CultureInfo.InvariantCulture, $"{name};vmsas={count}") : name;
        }
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
