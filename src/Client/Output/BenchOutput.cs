using System.Globalization;
using System.Text.Json;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>What was measured: tables and small plots for people, or JSON.</summary>
internal static class BenchOutput
{
    private const int PlotWidth = 40;

    public static void Write(CliContext context, BenchView view, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.BenchView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        page.Append($"{view.Operation}", Page.Heading).Line(Invariant($" at {view.Server}, {view.Connections} connections{Chips(view)}"));
        if (view.Peak is { } peak)
        {
            Peak(page, peak);
        }

        foreach (PhaseView phase in view.Phases)
        {
            Phase(page, phase);
        }
    }

    private static string Chips(BenchView view) => view.WarmChips is { } warm ? Invariant($", {warm} known and {view.ColdChips ?? 0} new chips") : "";

    private static void Peak(Page page, PeakView peak)
    {
        page.Line().Line(Invariant($"Peak: {peak.Goodput:0} verdicts each second{(peak.Concurrency is { } callers ? $" with {callers} callers" : ", as given")}"), Page.Heading);
        double most = Math.Max(1, (peak.Steps ?? []).Select(s => s.Goodput).DefaultIfEmpty().Max());
        foreach (PeakStepView step in peak.Steps ?? [])
        {
            page.Line(Invariant($"  {step.Concurrency,4} callers {step.Goodput,8:0}/s  p50 {step.Latency.P50,8:0.00} ms  p99 {step.Latency.P99,8:0.00} ms  {Bar(step.Goodput / most)}"));
        }
    }

    private static void Phase(Page page, PhaseView phase)
    {
        page.Line().Line(Title(phase), Page.Heading)
            .Field("goodput", Invariant($"{phase.Goodput:0.0} verdicts each second{(phase.GoodputOfPeak is { } share ? $", {share:0.000} of the peak" : "")}"))
            .Field("calls", Invariant($"{phase.Calls} in {phase.Seconds:0} s"));
        foreach (OutcomeView outcome in phase.Outcomes)
        {
            page.Append("    ").Append(Invariant($"{outcome.Calls,9}  "))
                .Line($"{outcome.Outcome} {outcome.Reason}".TrimEnd(), outcome.Outcome switch { "accepted" => Page.Good, "failed" => Page.Bad, _ => Page.Caution });
        }

        if (phase.RefusalHints is { } hints)
        {
            page.Field("retry hints", Invariant($"{hints.WithRetryInfo} of {phase.Refused} refusals{(hints.ShortestSeconds is { } least ? $", {least * 1000:0} to {hints.LongestSeconds * 1000:0} ms" : "")}; {hints.WithPushback} with pushback"));
        }

        Latencies(page, phase.LatencyMilliseconds);
        Plots(page, phase);
        if (phase.Process is { } process)
        {
            page.Field("processor", Invariant($"{process.CpuMicrosecondsPerCall:0} us of the service for each call, {process.CpuSeconds:0.0} s in all"))
                .Field("memory", Invariant($"{Mebibytes(process.ResidentBytesBefore)} before, {Mebibytes(process.ResidentBytesMost)} at most, {Mebibytes(process.ResidentBytesAfter)} after"));
        }

        page.Field("calm again", phase.IsCalmAgain switch
        {
            true => Invariant($"{phase.CalmAfterSeconds:0.0} s after the last call"),
            false => "not within a minute after the last call",
            null => null,
        });
    }

    private static string Title(PhaseView phase) => phase.Rate is { } rate
        ? Invariant($"Open loop, {rate:0.#} calls each second{(phase.TimesPeak is { } times ? $" ({times:0.##} x peak)" : "")}, {phase.Arrivals}")
        : Invariant($"Closed loop, {phase.Concurrency} callers");

    private static void Latencies(Page page, LatenciesView latencies)
    {
        page.Line(Invariant($"  {"latency in ms",-16}{"calls",9}{"mean",10}{"p50",10}{"p90",10}{"p99",10}{"p99.9",10}{"max",10}"), Page.Quiet);
        foreach ((string name, LatencyView? view) in new[]
        {
            ("admitted", latencies.Admitted), ("  of new chips", latencies.Cold), ("refused", latencies.Refused), ("failed", latencies.Failed), ("sent late by", latencies.SentLate),
        })
        {
            if (view is not null)
            {
                page.Line(Invariant($"  {name,-16}{view.Calls,9}{view.Mean,10:0.00}{view.P50,10:0.00}{view.P90,10:0.00}{view.P99,10:0.00}{view.P999,10:0.00}{view.Max,10:0.00}"));
            }
        }
    }

    private static void Plots(Page page, PhaseView phase)
    {
        long most = phase.Distribution.Select(b => b.Calls).DefaultIfEmpty().Max();
        if (most > 0)
        {
            page.Line("  admitted calls by latency", Page.Quiet);
        }

        foreach (BarView bar in phase.Distribution)
        {
            page.Line(Invariant($"  up to {bar.UpToMilliseconds,10:0.###} ms {bar.Calls,9}  {Bar((double)bar.Calls / most)}"));
        }

        double highest = phase.GoodputOverTime.Max();
        if (highest > 0)
        {
            page.Field("over time", string.Concat(phase.GoodputOverTime.Select(g => (char)('0' + (int)(9 * g / highest)))) + Invariant($"  (9 is {highest:0}/s)"));
        }
    }

    private static string Bar(double share) => new('#', (int)Math.Ceiling(share * PlotWidth));

    private static string Mebibytes(long bytes) => Invariant($"{bytes / 1048576.0:0} MiB");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
