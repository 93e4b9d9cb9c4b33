using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.References;

namespace Verifier.Service.Registry.Files;

/// <summary>The launches of a file whose digests are registered: those asked for, or else every one that can occur.</summary>
internal sealed class LaunchSet
{
    private readonly bool _isAsked;

    private LaunchSet(IReadOnlyList<IgvmLaunch> all, bool isAsked) => (All, _isAsked) = (all, isAsked);

    public IReadOnlyList<IgvmLaunch> All { get; }

    public static LaunchSet Of(IReadOnlyList<IgvmLaunch> asked) => asked.Count > 0
        ? new LaunchSet(asked, isAsked: true)
        : new LaunchSet([.. LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p })], isAsked: false);

    /// <summary>Leaves out what nobody asked for and no machine will show: a digest under KVM's rules of a file that KVM refuses or changes.</summary>
    public IReadOnlyList<IgvmMeasurement> Registered(IReadOnlyList<IgvmMeasurement> measured) =>
        _isAsked ? measured : [.. measured.Where(m => !m.Notes.Any(IsObstacle))];

    /// <summary>Each digest once, under the first launch that has it.</summary>
    public static IReadOnlyList<ReferenceMeasurement> Distinct(IReadOnlyList<IgvmMeasurement> measured) =>
        [.. measured.DistinctBy(m => m.Digest).Select(m => new ReferenceMeasurement(m.Digest, NameOf(m.Launch), (uint?)m.Launch.Vmsas))];

    /// <summary>The name of a launch as it is stored: that of the profile, and behind it the type of zero pages where one was stated.</summary>
    public static string NameOf(IgvmLaunch launch) =>
        launch.ZeroPages is { } zero ? $"{launch.Profile.WireName()}-zero-{zero.WireName()}" : launch.Profile.WireName();

    private static bool IsObstacle(IgvmLaunchNote note) =>
        note is IgvmLaunchNote.VmsaAddressIsNotKvms or IgvmLaunchNote.SeveralVmsas or IgvmLaunchNote.VmsaCr0IsNotKvms;
}
