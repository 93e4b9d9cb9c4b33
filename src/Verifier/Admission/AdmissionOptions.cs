namespace Verifier.Service.Admission;

/// <summary>How much is taken on at a time. Section <c>Admission</c>.</summary>
internal sealed class AdmissionOptions
{
    public const string Section = "Admission";

    /// <summary>Calls that are worked on at a time, 1 to 1024; each lane has one place of its own beside them. Default: none, which is the number of cores, and two at least.</summary>
    public int? Concurrency { get; set; }

    /// <summary>How much work may wait for a place, as the time that it takes, 1 ms to 1 s. Default: 20 ms.</summary>
    public TimeSpan QueueTime { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Calls in the house at a time, those that wait for others included, 16 to 100000. Default: 1024.</summary>
    public int MaxInFlight { get; set; } = 1024;

    /// <summary>Streams at a time that last as long as their caller wants, 16 to 100000. Default: 512.</summary>
    public int MaxStreams { get; set; } = 512;

    /// <summary>What holds where <see cref="Concurrency"/> is not given.</summary>
    public int Places => Concurrency ?? Math.Max(2, Environment.ProcessorCount);
}
