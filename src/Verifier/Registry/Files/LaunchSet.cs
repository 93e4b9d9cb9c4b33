using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.References;

namespace Verifier.Service.Registry.Files;

/// <summary>
/// The launches of a file that are measured: those whose digests are registered (the ones asked for, or else every one that can occur),
/// and behind them the near ones.
/// </summary>
internal sealed class LaunchSet
{
    private readonly bool _isAsked;
    private readonly int _count;

    private LaunchSet(IReadOnlyList<IgvmLaunch> registered, IgvmFile file, bool isAsked)
    {
        (_count, _isAsked) = (registered.Count, isAsked);
        All = [.. registered, .. NearLaunches.Of(file, registered)];
    }

    public IReadOnlyList<IgvmLaunch> All { get; }

    public static LaunchSet Of(IReadOnlyList<IgvmLaunch> asked, IgvmFile file) => asked.Count > 0
        ? new LaunchSet(asked, file, isAsked: true)
        : new LaunchSet([.. LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p })], file, isAsked: false);

    /// <summary>Leaves out what nobody asked for and no machine will show: a digest under KVM's rules of a file that KVM refuses or changes.</summary>
    public IReadOnlyList<IgvmMeasurement> Registered(IReadOnlyList<IgvmMeasurement> measured) =>
        [.. measured.Take(_count).Where(m => _isAsked || !m.Notes.Any(IsObstacle))];

    /// <summary>The other launches, each digest once, without those that a registered launch has too.</summary>
    public static IReadOnlyList<NearVariant> Near(IReadOnlyList<IgvmMeasurement> measured, IReadOnlyList<IgvmMeasurement> registered) =>
    [
        .. measured.DistinctBy(m => m.Digest)
            .Where(m => registered.All(r => r.Digest != m.Digest))
            .Select(m => new NearVariant(m.Digest, m.Launch.Profile, m.Launch.ZeroPages, (uint?)m.Launch.Vmsas)),
    ];

    /// <summary>Each digest once, under the first launch that has it.</summary>
    public static IReadOnlyList<ReferenceMeasurement> Distinct(IReadOnlyList<IgvmMeasurement> measured) =>
        [.. measured.DistinctBy(m => m.Digest).Select(m => new ReferenceMeasurement(m.Digest, NameOf(m.Launch), (uint?)m.Launch.Vmsas))];

    /// <summary>The name of a launch as it is stored: that of the profile, and behind it the type of zero pages where one was stated.</summary>
    public static string NameOf(IgvmLaunch launch) =>
        launch.ZeroPages is { } zero ? $"{launch.Profile.WireName()}-zero-{zero.WireName()}" : launch.Profile.WireName();

    private static bool IsObstacle(IgvmLaunchNote note) =>
        note is IgvmLaunchNote.VmsaAddressIsNotKvms or IgvmLaunchNote.SeveralVmsas or IgvmLaunchNote.VmsaCr0IsNotKvms;
}
