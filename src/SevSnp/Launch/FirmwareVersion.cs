namespace SevSnp.Launch;

/// <summary>A firmware version, ordered as the tuple (major, minor, build).</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Build">Build number.</param>
public readonly record struct FirmwareVersion(byte Major, byte Minor, byte Build)
{
    /// <summary>True when this version is not older than another.</summary>
    /// <param name="minimum">The least allowed version.</param>
    /// <returns>True when the minimum is met.</returns>
    public bool IsAtLeast(FirmwareVersion minimum) => (Major, Minor, Build).CompareTo((minimum.Major, minimum.Minor, minimum.Build)) >= 0;

    /// <summary>Dotted form, for example <c>1.55.40</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Major}.{Minor}.{Build}";
}
