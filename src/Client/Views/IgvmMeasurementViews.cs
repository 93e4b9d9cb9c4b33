using System.Text.Json.Serialization;
using SevSnp.Igvm;
using SevSnp.Measurement;
using Verifier.Client.Output;

namespace Verifier.Client.Views;

/// <summary>What <c>measure igvm</c> gives: one entry for each file, in the order in which they were named.</summary>
internal sealed record IgvmMeasurementsView(IReadOnlyList<IgvmMeasurementView> Files)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;
}

/// <summary>The measurement of one file, or why there is none.</summary>
internal sealed record IgvmMeasurementView
{
    public required string File { get; init; }

    /// <summary>48 bytes in hexadecimal.</summary>
    public string? Measurement { get; init; }

    /// <summary>The name of the launch, as it is stored with a digest.</summary>
    public string? Launch { get; init; }

    /// <summary>Number of pages that entered the digest.</summary>
    public long? Pages { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>With <c>--steps</c>. Made while it is written, since there may be millions.</summary>
    public IEnumerable<LaunchStepView>? Steps { get; init; }

    public ErrorView? Error { get; init; }

    public static IgvmMeasurementView Of(string file, IgvmFile content, IgvmMeasurement measurement) => new()
    {
        File = file,
        Measurement = measurement.Digest.ToString(),
        Launch = measurement.Launch.Name,
        Pages = measurement.Measurement.PageCount,
        Warnings = [.. IgvmFindingsText.Warnings(content)],
        Notes = [.. measurement.Notes.Select(IgvmFindingsText.Words)],
        Steps = measurement.Measurement.Steps.Count == 0 ? null : measurement.Measurement.Steps.Select(LaunchStepView.Of),
    };

    public static IgvmMeasurementView Of(string file, CommandFailure failure) => new() { File = file, Error = FailureView.Of(failure).Error };
}

/// <summary>A page as it entered the digest.</summary>
internal sealed record LaunchStepView(int Number, string Type, string Gpa, string? Contents, string DigestAfter)
{
    public static LaunchStepView Of(LaunchStep step, int index) => new(
        index + 1, step.Type.WireName(), $"0x{step.Gpa:x}", step.Type.MeasuresContents() ? step.Contents.ToString() : null, step.DigestAfter.ToString());
}
