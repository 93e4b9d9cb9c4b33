using System.Security.Cryptography;
using SevSnp.Igvm;
using SevSnp.Measurement;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;

namespace Verifier.Service.Registry.Files;

/// <summary>
/// Measures IGVM files for the registry. Each runs on a thread of its own, as slow as one core is, so that the threads that answer
/// calls never hash pages.
/// </summary>
internal sealed class IgvmRegistrar(FilePlaces places)
{
    public Task<FileOutcome> MeasureAsync(IgvmRegistrationDraft draft, ReadOnlyMemory<byte> file, CancellationToken cancellation) =>
        Task.Factory.StartNew(() => Measure(draft, file, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private FileOutcome Measure(IgvmRegistrationDraft draft, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Digest384 sha384 = new(SHA384.HashData(bytes.Span));
        Provenance stated = draft.Value.Provenance;
        if (!stated.Fits(sha384, bytes.Length))
        {
            return new FileOutcome.FileDiffers(sha384, (ulong)bytes.Length);
        }

        IgvmReadOptions reading = new() { Strictness = IgvmStrictness.StrictButPadding, Limits = IgvmLimits.Service with { MaxFileBytes = places.MaxFileBytes } };
        if (!IgvmReader.TryRead(bytes, reading, out IgvmFile? file, out IgvmFault fault))
        {
            return new FileOutcome.Malformed(fault);
        }

        LaunchSet launches = LaunchSet.Of(draft.Launches, file);
        IgvmMeasureOptions measuring = new() { MaxParallelism = 1, Cancellation = cancellation };
        if (!IgvmMeasurer.TryMeasureAll(file, launches.All, out IReadOnlyList<IgvmMeasurement>? measured, out IgvmMeasureFault unmeasurable, measuring))
        {
            return new FileOutcome.NotMeasurable(unmeasurable);
        }

        IReadOnlyList<IgvmMeasurement> registered = launches.Registered(measured);
        FileOutcome outcome = Judge(draft, file, registered, stated with { FileSha384 = sha384, FileSize = (ulong)bytes.Length });
        return outcome is FileOutcome.Measured good ? good with { Near = LaunchSet.Near(measured, registered) } : outcome;
    }

    private static FileOutcome Judge(IgvmRegistrationDraft draft, IgvmFile file, IReadOnlyList<IgvmMeasurement> registered, Provenance provenance)
    {
        if (FileOutcome.FirstDiffering(draft.Asserted, registered.Select(m => m.Digest)) is { } differs)
        {
            return differs;
        }

        LaunchedFile facts = LaunchedFiles.Of(file, registered);
        Constraints constraints = draft.Value.Value.Constraints;
        if (!FilePolicy.TryAdd(constraints.GuestPolicy, facts.GuestPolicy, out GuestPolicyRule? rule))
        {
            return new FileOutcome.PolicyContradicts();
        }

        ReferenceValue value = draft.Value.Value with { Measurements = LaunchSet.Distinct(registered), Constraints = constraints with { GuestPolicy = rule } };
        return new FileOutcome.Measured(draft.Value with { Value = value, Provenance = provenance }, facts);
    }
}
