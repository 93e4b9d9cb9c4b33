namespace SevSnp.Measurement;

/// <summary>Why a readable IGVM file cannot be measured. Names are never changed.</summary>
public enum IgvmMeasureFaultId
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The file is not made for SEV-SNP.</summary>
    PlatformAbsent = 1,

    /// <summary>The file has no page for SEV-SNP, so its digest would be that of no launch.</summary>
    PagesAbsent = 2,

    /// <summary>A number of save areas is asked for that is not 1 to <see cref="IgvmLaunch.MaxVmsas"/>.</summary>
    VmsaCountOutOfRange = 3,

    /// <summary>Save areas are asked for, and the file has none.</summary>
    VmsaAbsent = 4,

    /// <summary>More save areas are asked for than the file has, which has several: which of them to repeat is not known.</summary>
    VmsaCountAmbiguous = 5,

    /// <summary>The tool to be like ends without a digest at a large page with content.</summary>
    LargePageWithoutDigest = 6,

    /// <summary>No profile is stated.</summary>
    ProfileUnspecified = 7,
}

/// <summary>Why a readable IGVM file cannot be measured in one way.</summary>
/// <param name="Id">Which fault.</param>
/// <param name="Launch">Name of the way, <see cref="IgvmLaunch.Name"/>.</param>
/// <param name="Detail">One sentence without a full stop.</param>
public readonly record struct IgvmMeasureFault(IgvmMeasureFaultId Id, string Launch, string Detail)
{
    /// <summary>The name used in answers, logs and documents, for example <c>PLATFORM_ABSENT</c>.</summary>
    public string WireName => Primitives.UpperSnake.Of(Id.ToString());

    /// <summary>The fault on one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{WireName}: {Launch}: {Detail}";
}
