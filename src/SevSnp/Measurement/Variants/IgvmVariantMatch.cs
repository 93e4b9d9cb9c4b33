using SevSnp.Launch;

namespace SevSnp.Measurement;

/// <summary>One way of launching a file that gives a measurement which was looked for.</summary>
/// <param name="Launch">The way.</param>
/// <param name="Deviation">What is else about it.</param>
/// <param name="Steps">After how many steps the digest is the measurement.</param>
public sealed record IgvmVariantMatch(IgvmLaunch Launch, LaunchDeviation Deviation, long Steps);
