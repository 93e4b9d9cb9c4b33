using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Verifier.TestKit.Redis;

// usage: Benchmarks [--figures FILE] [--smoke] [options of BenchmarkDotNet, such as --filter '*Judge*']
//        --figures: writes name, mean in nanoseconds and allocated bytes of each benchmark there, with tabs between them
//        --smoke: runs each a few times in this process: shows that they run, and little more
List<string> rest = [.. args];
bool isSmoke = rest.Remove("--smoke");
string? figures = null;
if (rest.IndexOf("--figures") is >= 0 and var at)
{
    figures = rest[at + 1];
    rest.RemoveRange(at, 2);
}

IEnumerable<Type> types = Assembly.GetExecutingAssembly().GetTypes()
    .Where(t => t.GetMethods().Any(m => m.IsDefined(typeof(BenchmarkAttribute), inherit: false))).OrderBy(t => t.Name, StringComparer.Ordinal);
if (!RedisServer.IsPresent)
{
    await Console.Error.WriteLineAsync("MISSING: redis-server: what is looked up in Redis is not measured");
    types = types.Where(t => t.Name != "FindInRedis");
}

// Short runs: the ratios are what counts, and they settle soon.
Job job = isSmoke
    ? Job.Dry.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(3).WithWarmupCount(1)
    : Job.ShortRun;
Summary[] summaries = [.. BenchmarkSwitcher.FromTypes([.. types]).Run([.. rest], DefaultConfig.Instance.AddJob(job))];
if (figures is not null)
{
    await File.WriteAllLinesAsync(figures, summaries.SelectMany(s => s.Reports).Where(r => r.ResultStatistics is not null).Select(r => string.Create(
        CultureInfo.InvariantCulture,
        $"{r.BenchmarkCase.Descriptor.Type.Name}.{r.BenchmarkCase.Descriptor.WorkloadMethod.Name}\t{r.ResultStatistics!.Mean}\t{r.GcStats.GetBytesAllocatedPerOperation(r.BenchmarkCase) ?? 0}")));
}

// A benchmark that did not run is a fault, not a row less.
return summaries.Length > 0 && summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? 0 : 1;
