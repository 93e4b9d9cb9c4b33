using System.Globalization;
using SevSnp.Explanation;
using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using SevSnp.Reports;
using Verifier.Client.Input;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Offline;

/// <summary>Explains one report from one file after the other, and remembers how the first two launch.</summary>
internal sealed class MismatchExplainer(AttestationReport report, IgvmLaunch launch)
{
    private readonly List<(string File, IgvmMeasurement Measurement)> _traces = [];

    public int MostVmsas { get; init; } = 1;

    public IReadOnlyList<uint> Vmpls { get; init; } = [];

    public ExplainedFileView Explain(FileInfo file, IProgress<double>? progress)
    {
        try
        {
            using MappedIgvmFile mapped = MappedIgvmFile.Open(file);
            IgvmMeasureOptions options = new() { KeepSteps = true, Progress = progress };
            if (!IgvmMeasurer.TryMeasure(mapped.Content, launch, out IgvmMeasurement? measurement, out IgvmMeasureFault fault, options))
            {
                throw new CommandFailure(ExitCode.Malformed, $"{file}: {fault}");
            }

            _traces.Add((file.ToString(), measurement));
            IReadOnlyList<IgvmVariantMatch> matches = IgvmVariants.Find(mapped.Content, report.Measurement, MostVmsas, options);
            LaunchClaims claims = Claims(mapped.Content, out string? idBlock);
            Kinship? kinship = matches.Count > 0 ? null : Kinships.Of(claims, report);
            return new ExplainedFileView
            {
                File = file.ToString(),
                Measurement = measurement.Digest.ToString(),
                Launch = measurement.Launch.Name,
                Matches = [.. matches.Select(MatchView.Of)],
                Nearness = (int?)kinship,
                NoMatch = kinship?.Words(),
                IdBlockFault = idBlock,
                Differences = [.. ClaimComparison.Differences(claims, report)],
            };
        }
        catch (CommandFailure failure)
        {
            return new ExplainedFileView { File = file.ToString(), Error = FailureView.Of(failure).Error };
        }
    }

    /// <summary>The first step in which the first two files differ; null for fewer files.</summary>
    public TraceDifferenceView? Difference() => _traces is [var left, var right, ..]
        ? TraceDifferenceView.Of(left.File, right.File, left.Measurement.Launch.Name, LaunchTrace.FirstDifference(left.Measurement.Measurement.Steps, right.Measurement.Measurement.Steps))
        : null;

    public void WriteSteps(TextWriter output)
    {
        foreach ((string file, IgvmMeasurement measurement) in _traces)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SafeText.Of(file)}  {measurement.Launch.Name}  {measurement.Measurement.PageCount} steps"));
            IgvmMeasurementText.Steps(output, measurement.Measurement.Steps.Select(LaunchStepView.Of));
        }
    }

    private LaunchClaims Claims(IgvmFile file, out string? idBlockFault)
    {
        LaunchClaims claims = new()
        {
            Policy = file.Platform(IgvmPlatformType.SevSnp) is { } platform && IgvmSummary.Of(file, platform).Policies is [var policy, ..] ? new GuestPolicy(policy) : null,
            Vmpls = Vmpls,
        };
        bool isGood = IgvmIdBlock.TryFind(file, out IgvmIdBlock? found, out IdBlockFault fault);
        IdAuth? auth = found?.Auth?.Verify(found.Block) == IdAuthOutcome.Valid ? found.Auth : null;
        idBlockFault = !isGood ? fault.ToString()
            : found is { Auth: null } ? found.AuthFault.ToString()
            : found is not null && auth is null ? "its signatures do not verify" : null;

        // Anyone can write another's key into a file: only a key that signed links the file to its holder.
        return found is null ? claims : claims with
        {
            GuestSvn = found.Block.GuestSvn,
            FamilyId = found.Block.FamilyId,
            ImageId = found.Block.ImageId,
            IdKeyDigest = auth?.IdKey.Digest,
            AuthorKeyDigest = auth is null ? null : auth.AuthorKey?.Digest ?? default(Digest384),
        };
    }
}
