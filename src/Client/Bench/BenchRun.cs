using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Bench;

/// <summary>Carries out a plan: warms up, looks for the peak, makes each load, and waits until the service is as quick again as it was.</summary>
/// <param name="clock">The time.</param>
/// <param name="generator">Makes the calls that are measured as loads.</param>
/// <param name="known">Makes calls about known chips alone: to warm up, to look for the peak, and to see whether the service is calm.</param>
/// <param name="process">The service's process, where it is known.</param>
/// <param name="progress">Tells a person what goes on.</param>
internal sealed class BenchRun(TimeProvider clock, LoadGenerator generator, LoadGenerator known, ProcessMeter? process, BenchProgress progress)
{
    private static readonly TimeSpan ShortestStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    public async Task<(PeakView? Peak, IReadOnlyList<PhaseView> Phases)> MakeAsync(BenchPlan plan, CancellationToken cancellation)
    {
        if (plan.Warmup > TimeSpan.Zero)
        {
            await progress.WhileAsync("warming up", plan.Warmup, known.ClosedAsync(4, plan.Warmup, cancellation));
        }

        PeakView? peak = plan.FindPeak ? await FindPeakAsync(plan, cancellation)
            : plan.KnownPeak is { } given ? new PeakView { Goodput = given } : null;

        // How quick the service is when nothing else is asked of it: what it must come back to.
        TimeSpan? calm = plan.Loads.Any(l => l.TimesPeak > 1) ? (await known.ClosedAsync(1, ShortestStep, cancellation)).Admitted.Percentile(0.5) : null;
        List<PhaseView> phases = [];
        foreach (PlannedLoad load in plan.Loads)
        {
            phases.Add(await LoadAsync(plan, load, peak?.Goodput, load.TimesPeak > 1 ? calm : null, cancellation));
        }

        return (peak, phases);
    }

    private async Task<PeakView> FindPeakAsync(BenchPlan plan, CancellationToken cancellation)
    {
        TimeSpan wanted = plan.Duration / 4;
        TimeSpan step = wanted < ShortestStep ? ShortestStep : wanted > LongestStep ? LongestStep : wanted;
        List<PeakStepView> steps = [];
        PeakSearch search = new();
        while (search.Next is { } callers)
        {
            ProcessFigures? before = process?.Read();
            PhaseRecord record = await progress.WhileAsync($"looking for the peak: {callers} at once", step, known.ClosedAsync(callers, step, cancellation));
            search.Saw(record.Goodput, record.Refused.Count > record.Calls / 100);
            steps.Add(PeakStepView.Of(callers, record, CpuOf(before, record.Calls)));
        }

        return new PeakView { Goodput = search.Best, Concurrency = search.BestCallers, Steps = steps };
    }

    private async Task<PhaseView> LoadAsync(BenchPlan plan, PlannedLoad load, double? peak, TimeSpan? calm, CancellationToken cancellation)
    {
        double? rate = load.Rate ?? (load.TimesPeak * peak);
        ProcessFigures? before = process?.Read();
        long begun = clock.GetTimestamp();
        Task<PhaseRecord> made = rate is { } each
            ? generator.OpenAsync(plan.IsFixed ? ArrivalSchedule.Fixed(each) : ArrivalSchedule.Poisson(each, plan.Seed), plan.Duration, plan.MostOpen, cancellation)
            : generator.ClosedAsync(load.Callers!.Value, plan.Duration, cancellation);
        using MemoryWatch? watch = process is null ? null : new MemoryWatch(process, clock);
        PhaseRecord record = await progress.WhileAsync(rate is null ? $"{load.Callers} callers" : $"{rate:0} calls each second", plan.Duration, made);
        ProcessFigures? ended = process?.Read();
        double? calmAfter = calm is { } usual ? await CalmAsync(usual, begun, plan.Duration, cancellation) : null;
        return PhaseView.Of(record) with
        {
            Concurrency = load.Callers,
            Rate = rate,
            Arrivals = rate is null ? null : plan.IsFixed ? "fixed" : "poisson",
            TimesPeak = load.TimesPeak,
            GoodputOfPeak = peak > 0 ? record.Goodput / peak : null,
            IsCalmAgain = calm is null ? null : calmAfter is not null,
            CalmAfterSeconds = calmAfter,
            Process = before is { } first ? ProcessView.Of(first, ended!.Value, process!.Read().ResidentBytes, watch!.MostBytes, record.Calls) : null,
        };
    }

    // Seconds from the last call that was due to the first of twenty calls of a single caller that are as quick as they used to be; null when a
    // minute was not enough.
    private async Task<double?> CalmAsync(TimeSpan usual, long begun, TimeSpan duration, CancellationToken cancellation)
    {
        while (clock.GetElapsedTime(begun) - duration is var since && since < TimeSpan.FromMinutes(1))
        {
            PhaseRecord record = await known.ClosedAsync(1, TimeSpan.FromMilliseconds(Math.Max(100, usual.TotalMilliseconds * 20)), cancellation);
            if (record.Admitted.Count == record.Calls && record.Calls > 0 && record.Admitted.Percentile(0.5) <= usual * 1.5)
            {
                return Math.Max(0, since.TotalSeconds);
            }
        }

        return null;
    }

    private double? CpuOf(ProcessFigures? before, long calls) =>
        before is { } first && calls > 0 ? (process!.Read().Cpu - first.Cpu).TotalMicroseconds / calls : null;
}
