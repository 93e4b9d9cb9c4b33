using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Verifier.TestKit.Redis;

namespace Verifier.Perf.Trials;

/// <summary>One table of ratios, each with a baseline of the same run. perf/run.sh runs it.</summary>
internal static class TableTrial
{
    private const string Platform = "P-384 verification by .NET's library";

    private sealed record Round(double OpenSsl, double PlatformLibrary, double Library, double Empty, double Verify, double WithResult);

    public static async Task RunAsync(Options options)
    {
        bool isShort = options.Has("--short");
        bool asMarkdown = options.Has("--markdown");
        List<Row> rows = [];
        List<string> missing = [];
        bool hasOpenSsl = ToolProcess.IsPresent("openssl");
        if (!hasOpenSsl)
        {
            missing.Add("openssl: no ratio against it");
        }

        if (RedisServer.IsPresent)
        {
            await using WarmService service = await WarmService.StartAsync(options.Text("--service"), options.Text("--client"), isShort ? 4 : 64);
            rows.AddRange(await CostsAsync(service, hasOpenSsl, isShort));
            rows.Add(await LatencyAsync(service, isShort));
        }
        else
        {
            missing.Add("redis-server: no figure of the whole service, none of its look-up in Redis");
        }

        rows.AddRange(OfBenchmarks(new Figures(await File.ReadAllLinesAsync(options.Text("--figures")))));
        if (options.Find("--igvm") is { } igvm && await File.ReadAllTextAsync(igvm) is { Length: > 0 } told)
        {
            rows.Add(OfIgvm(told));
        }

        foreach (string line in Machine().Append("").Concat(Table.Lines(rows, asMarkdown)).Concat(missing.Select(m => $"MISSING: {m}")))
        {
            Console.WriteLine(line);
        }
    }

    // In turns, so that what else the machine does meets all alike; of each the median.
    private static async Task<IEnumerable<Row>> CostsAsync(WarmService service, bool hasOpenSsl, bool isShort)
    {
        Func<TimeSpan, double> library = Baselines.LibraryVerify(), platform = Baselines.PlatformVerify();
        TimeSpan loop = TimeSpan.FromSeconds(isShort ? 0.3 : 1.5);
        string[] load = ["--concurrency", "8", "--duration", isShort ? "1" : "5"];
        await service.Load.BenchAsync([.. service.VerifyWithResult, .. load, "--warmup", isShort ? "1" : "15"]);
        load = [.. load, "--warmup", "0"];
        library(loop);
        platform(loop);
        List<Round> rounds = [];
        for (int i = 0; i < (isShort ? 1 : 7); i++)
        {
            rounds.Add(new(
                hasOpenSsl ? await Baselines.OpenSslVerifyAsync(isShort ? 1 : 2) : double.NaN,
                platform(loop),
                library(loop),
                Cpu(await service.Load.BenchAsync(["--operation", "health", .. load])),
                Cpu(await service.Load.BenchAsync([.. service.Verify, .. load])),
                Cpu(await service.Load.BenchAsync([.. service.VerifyWithResult, .. load]))));
        }

        double Of(Func<Round, double> figure) => Statistics.Median(rounds.Select(figure));
        double openSsl = Of(r => r.OpenSsl), withResult = Of(r => r.WithResult), outside = Of(r => r.WithResult - r.Library);
        Row Cost(string what, double microseconds) => new(what, Figures.Time(microseconds * 1000), $"openssl speed ecdsap384, one verification: {Figures.Time(openSsl * 1000)}")
        {
            Ratio = double.IsNaN(openSsl) ? null : microseconds / openSsl,
        };
        return
        [
            Cost("one P-384 verification by the library that .NET loads", Of(r => r.PlatformLibrary)),
            Cost("signature of a report by this library's engine, key kept", Of(r => r.Library)),
            Cost("empty call (grpc.health.v1) over TLS, server CPU", Of(r => r.Empty)),
            Cost("warm Verify over TLS, policy and registry in Redis, server CPU", Of(r => r.Verify)),
            Cost("the same with a signed result", withResult) with { Wanted = 0.70, Note = "aimed at: 0.50" },
            Cost("of that outside the report's signature", outside) with { Wanted = 0.12 },
        ];
    }

    private static async Task<Row> LatencyAsync(WarmService service, bool isShort)
    {
        JsonElement told = await service.Load.BenchAsync(
            [.. service.VerifyWithResult, "--times-peak", "0.7", "--duration", isShort ? "1" : "30", "--warmup", isShort ? "0" : "2", "--connections", "16"]);
        JsonElement peak = told.GetProperty("peak"), admitted = told.GetProperty("phases")[0].GetProperty("latency_milliseconds").GetProperty("admitted");
        double alone = peak.GetProperty("steps")[0].GetProperty("latency").GetProperty("mean").GetDouble(), p99 = admitted.GetProperty("p99").GetDouble();
        return new Row(
            "p99 of the same at 70 % of the peak, open loop",
            Figures.Time(p99 * 1e6),
            $"mean latency of a single caller: {Figures.Time(alone * 1e6)}")
        {
            Ratio = p99 / alone,
            Wanted = 10,
            Note = string.Create(
                CultureInfo.InvariantCulture, $"peak {peak.GetProperty("goodput").GetDouble():0}/s beside the load generator on the same cores; p50 {Figures.Time(admitted.GetProperty("p50").GetDouble() * 1e6)}"),
        };
    }

    private static IEnumerable<Row> OfBenchmarks(Figures figures)
    {
        const string judge = "JudgeReport", baseline = "PlatformP384Verification";
        Row?[] known =
        [
            figures.Against("read a request strictly", "ReadRequest", "Strictly", "ByTheLibrary", "by protobuf's own reader"),
            figures.Against("parse a report", judge, "Parse", baseline, Platform),
            figures.Against("verify the chain: three signatures, profile, dates, revocation", judge, "Chain", baseline, Platform),
            figures.Against("check the report's signature", judge, "Signature", baseline, Platform),
            figures.Against("judge an authentic report", judge, "Decide", baseline, Platform),
            figures.Against("parse, verify chain and signature, judge", judge, "ParseAndJudge", baseline, Platform),
            figures.Against("sign a result", "SignResult", "Make", baseline, Platform),
            figures.Against("look a measurement up in SQLite, one caller", "FindInSqlite", "Find", baseline, Platform),
            figures.Against("look a measurement up in Redis over TLS, one caller", "FindInRedis", "Find", baseline, Platform),
            figures.Against("read and measure an IGVM file of 16 MiB", "MeasureIgvm", "ReadAndMeasure", "Sha384OfTheFile", "SHA-384 of the file by .NET"),
        ];

        // Whatever else there is, under its own name.
        string[] shown = ["ReadRequest", judge, "SignResult", "FindInSqlite", "FindInRedis", "MeasureIgvm"];
        IEnumerable<Row?> others = figures.Types.Except(shown).SelectMany(type =>
        {
            string own = figures.Of(type).FirstOrDefault(m => m == baseline) ?? figures.Of(type).First();
            return figures.Of(type).Where(m => m != own).Select(m => figures.Against($"{type}.{m}", type, m, own, $"{type}.{own}"));
        });
        return known.Concat(others).OfType<Row>();
    }

    // "measure igvm     123 ms (...)", "openssl sha384   456 ms (...)" of perf/igvm.sh.
    private static Row OfIgvm(string told)
    {
        string[] lines = told.Split('\n');
        double Milliseconds(string name) => double.Parse(lines.Single(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
        double ours = Milliseconds("measure igvm"), theirs = Milliseconds("openssl sha384");
        return new Row("verifierctl measure igvm, the whole process", Figures.Time(ours * 1e6), $"openssl dgst -sha384 of the same file: {Figures.Time(theirs * 1e6)}")
        {
            Ratio = ours / theirs,
            Wanted = 0.9,
            Note = lines[0].Replace("file", "", StringComparison.Ordinal).Trim(),
        };
    }

    private static double Cpu(JsonElement told) => told.GetProperty("phases")[0].GetProperty("process").GetProperty("cpu_microseconds_per_call").GetDouble();

    private static IEnumerable<string> Machine()
    {
        string model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
            : "unknown processor";
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        long library = OperatingSystem.IsLinux() ? SafeEvpPKeyHandle.OpenSslVersion : 0;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {model}, .NET {Environment.Version}, OpenSSL {library >> 28}.{(library >> 20) & 0xff}.{(library >> 4) & 0xff} loaded by .NET, load average at the end {load}");
    }
}
