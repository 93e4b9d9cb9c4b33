using System.Globalization;
using System.Text.Json;
using Verifier.TestKit.Redis;

namespace Verifier.Perf.Trials;

/// <summary>A service at 70 % of its peak, and then asked for more than it can do. perf/saturation.sh runs it.</summary>
internal static class SaturationTrial
{
    /// <returns>0 when everything wanted was seen, 1 when not.</returns>
    public static async Task<int> RunAsync(Options options)
    {
        if (!RedisServer.IsPresent)
        {
            await Console.Error.WriteLineAsync("MISSING: redis-server");
            return 1;
        }

        double minutes = options.Number("--minutes", 10), factor = options.Number("--factor", 2);
        string Invariant(double number) => number.ToString(CultureInfo.InvariantCulture);
        await using WarmService service = await WarmService.StartAsync(options.Text("--service"), options.Text("--client"), (int)options.Number("--chips", 64));
        string[] common = [.. service.VerifyWithResult, "--connections", "32"];

        // The steps last a quarter of the load at most; what comes before the long one is the same for every length.
        JsonElement calm = await service.Load.BenchAsync([.. common, "--times-peak", "0.7", "--duration", Invariant(Math.Clamp(Math.Ceiling(minutes * 60 / 4), 4, 60)), "--warmup", "10"]);
        double peak = calm.GetProperty("peak").GetProperty("goodput").GetDouble();
        Say($"peak                   {peak:0} verdicts each second with {calm.GetProperty("peak").GetProperty("concurrency").GetInt32()} callers");
        Show(calm.GetProperty("phases")[0]);

        JsonElement told = await service.Load.BenchAsync(
            [.. common, "--times-peak", Invariant(factor), "--peak", Invariant(Math.Round(peak)), "--duration", Invariant(Math.Ceiling(minutes * 60)), "--warmup", "0"]);
        JsonElement load = told.GetProperty("phases")[0];
        Show(load);
        return Judge(load, calm.GetProperty("phases")[0]) ? 0 : 1;
    }

    private static void Show(JsonElement phase)
    {
        JsonElement latency = phase.GetProperty("latency_milliseconds");
        Say($"at {phase.GetProperty("times_peak").GetDouble():0.##} x peak           {phase.GetProperty("rate").GetDouble():0} calls each second for {phase.GetProperty("seconds").GetDouble():0} s: {phase.GetProperty("accepted").GetInt64()} accepted, {phase.GetProperty("rejected").GetInt64()} rejected, {phase.GetProperty("refused").GetInt64()} refused, {phase.GetProperty("failed").GetInt64()} failed");
        foreach (JsonElement outcome in phase.GetProperty("outcomes").EnumerateArray().Where(o => o.TryGetProperty("reason", out _)))
        {
            Say($"  {outcome.GetProperty("calls").GetInt64(),8} {outcome.GetProperty("reason").GetString()}");
        }

        foreach (JsonProperty of in latency.EnumerateObject())
        {
            double At(string name) => of.Value.GetProperty(name).GetDouble();
            Say($"  {of.Name,-20} p50 {At("p50"):0.0} ms, p90 {At("p90"):0.0} ms, p99 {At("p99"):0.0} ms, p99.9 {At("p99_9"):0.0} ms, max {At("max"):0.0} ms");
        }
    }

    // What the service's own processor time was good for: the generator takes its share of the same cores, the more the more it asks.
    private static double VerdictsPerSecondOfCpu(JsonElement phase) =>
        (phase.GetProperty("accepted").GetDouble() + phase.GetProperty("rejected").GetDouble()) / phase.GetProperty("process").GetProperty("cpu_seconds").GetDouble();

    private static bool Judge(JsonElement load, JsonElement before)
    {
        JsonElement latency = load.GetProperty("latency_milliseconds"), process = load.GetProperty("process");
        double refused = load.GetProperty("refused").GetDouble();
        double hints = load.TryGetProperty("refusal_hints", out JsonElement h) ? h.GetProperty("with_retry_info").GetDouble() / refused : double.NaN;
        double P99(string name) => latency.TryGetProperty(name, out JsonElement figures) ? figures.GetProperty("p99").GetDouble() : double.NaN;
        double calm = load.TryGetProperty("calm_after_seconds", out JsonElement seconds) ? seconds.GetDouble() : double.PositiveInfinity;
        bool holds = true;

        // A figure that is not there holds nothing.
        void Line(string what, double figure, string unit, bool isFine, string wanted)
        {
            holds &= isFine;
            Say($"{what,-22} {figure:0.###}{unit} ({(isFine ? "holds" : "MISSED")}: {wanted})");
        }

        double growth = process.GetProperty("resident_bytes_growth").GetDouble() / 1048576;
        double goodput = load.GetProperty("goodput_of_peak").GetDouble();
        double cost = VerdictsPerSecondOfCpu(load) / VerdictsPerSecondOfCpu(before);
        Line("goodput", goodput, " x peak", goodput >= 0.9, "at least 0.9");
        Say($"  by processor time    {cost:0.###} x as many verdicts for each second of it that the service had as at 0.7 x peak");
        Line("admitted, p99", P99("admitted"), " ms", P99("admitted") <= 100, "at most 100 ms");
        Line("refused, p99", P99("refused"), " ms", P99("refused") <= 10, "at most 10 ms");
        Line("refusals with a hint", hints, "", hints >= 1, "all");
        Line("failed otherwise", load.GetProperty("failed").GetDouble(), "", load.GetProperty("failed").GetInt64() == 0, "none");
        Line("memory growth", growth, " MiB", growth < 50, "under 50 MiB");
        Line("calm again after", calm, " s", calm <= 5, "within 5 s");
        return holds;
    }

    private static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
