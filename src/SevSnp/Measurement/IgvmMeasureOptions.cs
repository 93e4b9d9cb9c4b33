namespace SevSnp.Measurement;

/// <summary>How to compute, without influence on the result.</summary>
public sealed record IgvmMeasureOptions
{
    /// <summary>Keeps every page as a <see cref="LaunchStep"/>, about 120 bytes per page and launch.</summary>
    public bool KeepSteps { get; init; }

    /// <summary>Most cores that hash pages at the same time; -1 for all.</summary>
    public int MaxParallelism { get; init; } = -1;

    /// <summary>Ends the work early with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Is told how much of the hashing is done, 0 to 1, on the thread of the caller.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>All cores, no steps.</summary>
    public static IgvmMeasureOptions Default { get; } = new();
}
