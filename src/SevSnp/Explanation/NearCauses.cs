using SevSnp.Launch;
using SevSnp.References;

namespace SevSnp.Explanation;

/// <summary>What it means that a guest is another launch of a registered file.</summary>
internal static class NearCauses
{
    public static Cause Of(NearMatch near, DateTimeOffset at)
    {
        ReferenceValue value = near.Value;
        string obstacle = MeasurementCauses.Obstacle(value, at) is { } why ? $", which {why}" : "";
        string what = $"this is the file of {MeasurementCauses.Name(value)}{obstacle}, launched {How(near.Variant)}; registered are {Registered(value)}";
        return value.State == ReferenceState.Revoked
            ? new Cause("REVOKED_RELEASE_LAUNCHED_OTHERWISE", $"{what}. A revoked file is not to be trusted under any launch", value.Name)
            : new Cause(Id(near.Variant), $"{what}. {Meaning(near.Variant)}", value.Name);
    }

    private static string Id(NearVariant variant) => variant switch
    {
        { Vmsas: not null } => "OTHER_VMSA_COUNT",
        { ZeroPages: not null } => "OTHER_ZERO_PAGES",
        _ => "OTHER_LAUNCH_PROFILE",
    };

    private static string Meaning(NearVariant variant) => variant switch
    {
        { Vmsas: 1 } => "The host measured the boot processor only. Register this launch if that is intended",
        { Vmsas: not null } =>
            "The host measured a save area for every vCPU, as KVM does for a guest that it was not told is started by an SVSM. Mark the guest so, or register this launch if it is intended",
        { ZeroPages: ZeroPages.Native } => "The host launched empty pages by their own type instead of as pages full of zeros. Register this launch if that host is intended",
        { ZeroPages: not null } => "The host launched empty pages as pages full of zeros instead of by their own type. Register this launch if that host is intended",
        _ => "The content is the registered one, the host another than was registered for. Register this launch if that host is intended",
    };

    private static string How(NearVariant variant)
    {
        string profile = $"as by {variant.Profile.WireName()}";
        string zero = variant.ZeroPages is { } pages ? $", zero pages {pages.WireName()}" : "";
        return variant.Vmsas is { } count ? $"{profile}{zero}, with {count} save areas (VMSAs)" : $"{profile}{zero}";
    }

    private static string Registered(ReferenceValue value) => string.Join(
        ", ",
        value.Measurements.Take(8).Select(m => (m.Profile.Length == 0 ? "launches of no stated profile" : m.Profile) + (m.VcpuCount is { } count ? $" with {count} save areas" : "")).Distinct());
}
