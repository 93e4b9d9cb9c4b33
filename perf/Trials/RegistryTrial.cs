using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.TestKit;

namespace Verifier.Perf.Trials;

/// <summary>What a large registry costs: Verify, list pages and memory with many measurements in Redis beside few.</summary>
internal static class RegistryTrial
{
    private static DeploymentSetup Setup => new()
    {
        Service = RepositoryRoot.Combine("src", "Verifier", "bin", "Release", "net10.0", "Verifier.Service.dll"),
        Root = Samples.Path("root.pem"),
        Durability = "everysec",
        Settings = ["--Store:Redis:CallTimeout=00:00:03"],
    };

    /// <param name="args">MEASUREMENTS, PER_VALUE, RUNS and CALLS, each of which may be left out with those behind it.</param>
    public static async Task RunAsync(string[] args)
    {
        int Argument(int index, int fallback) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : fallback;
        int measurements = Argument(0, 1_000_000), perValue = Argument(1, 16), runs = Argument(2, 10), calls = Argument(3, 1000);

        await using Deployment few = await Deployment.StartAsync(Setup);
        await using Deployment many = await Deployment.StartAsync(Setup);
        long emptyMemory = await many.RedisMemoryAsync();
        await LoadAsync(few, 10, 1);
        Stopwatch loading = Stopwatch.StartNew();
        int values = await LoadAsync(many, measurements, perValue);
        Say($"registered {measurements} measurements in {values} reference values through the service in {loading.Elapsed.TotalSeconds:f0} s");
        Say($"Redis: {(await many.RedisMemoryAsync() - emptyMemory) / (double)values:f0} bytes for each reference value with {perValue} measurements, its entry of the log included");
        Say($"service: {many.ServiceMemory >> 20} MiB resident beside {few.ServiceMemory >> 20} MiB with 10 measurements");

        VerifyRequest question = Question();
        foreach (Deployment deployment in new[] { few, many })
        {
            await deployment.RegisterAsync("sample", Convert.FromHexString(Samples.Measurement));
            await VerifyAsync(deployment, question, 500);
        }

        List<double> fewCosts = [], manyCosts = [];
        for (int run = 0; run < runs; run++)
        {
            fewCosts.Add(await VerifyAsync(few, question, calls));
            manyCosts.Add(await VerifyAsync(many, question, calls));
        }

        Say($"server CPU for each Verify: {Statistics.Median(fewCosts):f0} us with 10 measurements, {Statistics.Median(manyCosts):f0} us with {measurements}: ratio {Statistics.Median(manyCosts) / Statistics.Median(fewCosts):f3} (medians of {runs} interleaved runs of {calls} calls)");
        await PagesAsync(many);
    }

    private static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private static async Task<int> LoadAsync(Deployment deployment, int measurements, int perValue)
    {
        int values = (measurements + perValue - 1) / perValue;
        await Parallel.ForEachAsync(Enumerable.Range(0, values), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            CreateReferenceValueRequest request = new()
            {
                ReferenceValueId = string.Create(CultureInfo.InvariantCulture, $"load-{i:d7}"),
                ReferenceValue = new() { Image = "load", Version = "1", Kind = LaunchKind.SvsmIgvm },
            };
            int count = Math.Min(perValue, measurements - (i * perValue));
            request.ReferenceValue.Measurements.AddRange(Enumerable.Range(0, count).Select(_ => new LaunchMeasurement
            {
                Digest = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(48)),
                Profile = "qemu-kvm",
            }));
            await deployment.Registry.CreateReferenceValueAsync(request, Deployment.Call);
        });
        return values;
    }

    private static VerifyRequest Question() => new()
    {
        Evidence = new()
        {
            Snp = new()
            {
                Report = ByteString.CopyFrom(Samples.Read("report.bin")),
                Pem = System.Text.Encoding.ASCII.GetString(Samples.Read("chain.pem"))
                    + new string(PemEncoding.Write("CERTIFICATE", Samples.Read("vcek.der"))) + "\n",
                RevocationLists = { ByteString.CopyFrom(Samples.Read("crl.der")) },
            },
        },
        Binding = new() { Nonce = ByteString.CopyFrom(Convert.FromHexString(Samples.ReportData)) },
    };

    // Microseconds of the server's processor time for each call.
    private static async Task<double> VerifyAsync(Deployment deployment, VerifyRequest question, int calls)
    {
        TimeSpan before = deployment.Cpu;
        for (int i = 0; i < calls; i++)
        {
            VerifyResponse answer = await deployment.Verifier.VerifyAsync(question, Deployment.Call);
            if (answer.Verdict.Outcome != AttestationVerdict.Types.Outcome.Accepted)
            {
                throw new InvalidOperationException(answer.Verdict.Summary);
            }
        }

        return (deployment.Cpu - before).TotalMicroseconds / calls;
    }

    private static async Task PagesAsync(Deployment deployment)
    {
        ListReferenceValuesRequest request = new() { PageSize = 50 };
        // The first call of a method is slower than every other.
        await deployment.Registry.ListReferenceValuesAsync(request, Deployment.Call);
        List<double> times = [];
        do
        {
            Stopwatch watch = Stopwatch.StartNew();
            ListReferenceValuesResponse page = await deployment.Registry.ListReferenceValuesAsync(request, Deployment.Call);
            times.Add(watch.Elapsed.TotalMilliseconds);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        int tenth = Math.Max(1, times.Count / 10);
        Say($"list pages of 50: {times.Count}; median {Statistics.Median(times.Take(tenth)):f2} ms in the first tenth, {Statistics.Median(times.TakeLast(tenth)):f2} ms in the last");
    }
}
