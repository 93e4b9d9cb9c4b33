using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Verifier.Client.Tests.Online;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Bench;

public sealed class BenchCommandTests : IDisposable
{
    private static readonly string[] Evidence =
        ["bench", "--report", Samples.Path("report.bin"), "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"), "--duration", "1", "--warmup", "0"];

    private readonly string _folder = Directory.CreateTempSubdirectory("verifierctl-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ClosedLoop_CountsVerdicts_AndFalsifiesAShareOfTheReports()
    {
        await using FakeService service = await FakeService.StartAsync();
        int made = 0;
        service.Answers.Otherwise = () => Interlocked.Increment(ref made) % 4 == 0 ? Verdicts.Refused() : Verdicts.Accepted();

        CliResult result = await service.RunAsync([.. Evidence, "--connections", "1", "--concurrency", "3", "--reject-share", "25", "--format", "json"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        JsonElement phase = Assert.Single(result.Json.GetProperty("phases").EnumerateArray());
        long calls = phase.GetProperty("calls").GetInt64();

        // One call on each connection comes before.
        Assert.Equal(made - 1, calls);
        Assert.InRange(phase.GetProperty("rejected").GetInt64(), (calls / 4) - 2, (calls / 4) + 2);
        Assert.Equal(calls, phase.GetProperty("accepted").GetInt64() + phase.GetProperty("rejected").GetInt64());
        Assert.Equal(
            ["accepted ", "rejected DEBUG_IS_OFF"],
            phase.GetProperty("outcomes").EnumerateArray().Select(o => $"{o.GetProperty("outcome").GetString()} {(o.TryGetProperty("reason", out JsonElement r) ? r.GetString() : "")}"));
        byte[] report = Samples.Read("report.bin");
        V1.VerifyRequest[] asked = [.. service.Answers.Asked.Select(a => (V1.VerifyRequest)a.Request)];
        Assert.All(asked, r => Assert.Equal(Samples.ReportData, Convert.ToHexStringLower(Original(r))));
        Assert.InRange(asked.Count(r => !r.Evidence.Snp.Report.Span.SequenceEqual(report)), (calls / 4) - 2, (calls / 4) + 2);
    }

    [Fact]
    public async Task OpenLoop_MakesAsManyCallsAsAsked()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = Verdicts.Accepted;

        CliResult result = await service.RunAsync([.. Evidence, "--rate", "120", "--arrivals", "fixed", "--format", "json", "--audience", "https://me.example"]);

        Assert.Equal(0, result.ExitCode);
        JsonElement phase = Assert.Single(result.Json.GetProperty("phases").EnumerateArray());
        Assert.Equal((120, 120, "fixed"), (phase.GetProperty("calls").GetInt64(), phase.GetProperty("rate").GetDouble(), phase.GetProperty("arrivals").GetString()));
        JsonElement latency = phase.GetProperty("latency_milliseconds");
        double[] figures = [.. new[] { "p50", "p90", "p99", "p99_9", "max" }.Select(p => latency.GetProperty("admitted").GetProperty(p).GetDouble())];
        Assert.Equal(figures.Order(), figures);
        Assert.Equal(120, latency.GetProperty("sent_late").GetProperty("calls").GetInt64());
        Assert.All(service.Answers.Asked, a => Assert.Equal("https://me.example", ((V1.VerifyRequest)a.Request).Result.Audience));
    }

    [Fact]
    public async Task Refusals_AreCountedApart_WithTheirHints()
    {
        await using FakeService service = await FakeService.StartAsync();
        int made = 0;
        service.Answers.Otherwise = () => (Interlocked.Increment(ref made) % 3) switch
        {
            0 => throw Refusal(Duration.FromTimeSpan(TimeSpan.FromMilliseconds(made % 2 == 0 ? 100 : 700))),
            1 when made > 4 => throw new RpcException(new Grpc.Core.Status(StatusCode.ResourceExhausted, "no hint")),
            _ => Verdicts.Accepted(),
        };
        service.Answers.Give(Verdicts.Accepted());
        service.Answers.Give(Verdicts.Accepted());

        CliResult result = await service.RunAsync([.. Evidence, "--connections", "2", "--rate", "300", "--arrivals", "fixed", "--format", "json"]);

        JsonElement phase = Assert.Single(result.Json.GetProperty("phases").EnumerateArray());
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(phase.GetProperty("refused").GetInt64(), 195, 200);
        JsonElement hints = phase.GetProperty("refusal_hints");
        Assert.InRange(hints.GetProperty("with_retry_info").GetInt64(), 97, 100);
        Assert.Equal(hints.GetProperty("with_retry_info").GetInt64(), hints.GetProperty("with_pushback").GetInt64());
        Assert.Equal((0.1, 0.7), (hints.GetProperty("shortest_seconds").GetDouble(), hints.GetProperty("longest_seconds").GetDouble()));
        JsonElement latency = phase.GetProperty("latency_milliseconds");
        Assert.Equal(phase.GetProperty("refused").GetInt64(), latency.GetProperty("refused").GetProperty("calls").GetInt64());
        Assert.Equal(phase.GetProperty("accepted").GetInt64(), latency.GetProperty("admitted").GetProperty("calls").GetInt64());
        Assert.Contains(phase.GetProperty("outcomes").EnumerateArray(), o => o.TryGetProperty("reason", out JsonElement r) && r.GetString() == "RESOURCE_EXHAUSTED TOO_BUSY");
    }

    [Fact]
    public async Task OutageDuringTheLoad_IsCounted_AndALoadWithoutAVerdictIsAnOutage()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        service.Answers.Otherwise = () => throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "gone"));

        CliResult result = await service.RunAsync([.. Evidence, "--connections", "1", "--concurrency", "1", "--format", "json"]);

        JsonElement phase = Assert.Single(result.Json.GetProperty("phases").EnumerateArray());
        Assert.Equal(5, result.ExitCode);
        Assert.Equal(phase.GetProperty("calls").GetInt64(), phase.GetProperty("failed").GetInt64());
        Assert.Equal("UNAVAILABLE", phase.GetProperty("outcomes")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task TimesPeak_FindsThePeak_MakesEachLoad_AndSeesTheServiceCalmAgain()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = Verdicts.Accepted;

        CliResult result = await service.RunAsync(
            [.. Evidence, "--times-peak", "0.1", "--times-peak", "1.01", "--pid", $"{Environment.ProcessId}", "--format", "json"]);

        Assert.Equal(0, result.ExitCode);
        JsonElement peak = result.Json.GetProperty("peak");
        Assert.Equal(
            peak.GetProperty("steps").EnumerateArray().Max(s => s.GetProperty("goodput").GetDouble()), peak.GetProperty("goodput").GetDouble());
        JsonElement[] phases = [.. result.Json.GetProperty("phases").EnumerateArray()];
        Assert.Equal([0.1, 1.01], phases.Select(p => p.GetProperty("times_peak").GetDouble()));
        Assert.All(phases, p => Assert.Equal(p.GetProperty("times_peak").GetDouble() * peak.GetProperty("goodput").GetDouble(), p.GetProperty("rate").GetDouble(), 0.01));
        Assert.False(phases[0].TryGetProperty("is_calm_again", out _));
        Assert.True(phases[1].GetProperty("is_calm_again").GetBoolean());
        Assert.All(phases, p => Assert.True(p.GetProperty("process").GetProperty("cpu_microseconds_per_call").GetDouble() > 0));
        Assert.All(phases, p => Assert.True(p.GetProperty("process").GetProperty("resident_bytes_most").GetInt64() > 1 << 20));
    }

    [Fact]
    public async Task Folders_GiveChipsInTurn_AndNewOnesOnce()
    {
        EvidenceFolders.Write(VirtualAmd.Milan, Path.Combine(_folder, "warm"), 3, "warm");
        EvidenceFolders.Write(VirtualAmd.Milan, Path.Combine(_folder, "cold"), 5, "cold", withCertificates: false);
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = Verdicts.Accepted;

        CliResult result = await service.RunAsync(
            "bench", "--evidence", Path.Combine(_folder, "warm"), "--cold", Path.Combine(_folder, "cold"), "--cold-share", "10", "--rate", "100", "--arrivals", "fixed", "--duration", "1", "--warmup", "0",
            "--connections", "1", "--format", "json");

        Assert.Equal((3, 5), (result.Json.GetProperty("warm_chips").GetInt32(), result.Json.GetProperty("cold_chips").GetInt32()));
        Assert.Equal(5, result.Json.GetProperty("phases")[0].GetProperty("latency_milliseconds").GetProperty("cold").GetProperty("calls").GetInt32());
        IGrouping<ByteString, V1.SnpEvidence>[] chips =
            [.. service.Answers.Asked.Select(a => ((V1.VerifyRequest)a.Request).Evidence.Snp).GroupBy(e => e.Report)];
        Assert.Equal([1, 1, 1, 1, 1, 31, 32, 33], chips.Select(c => c.Count()).Order());
        Assert.All(chips, c => Assert.Equal(c.Count() > 1, c.First().Pem.Length > 0));
        Assert.All(chips.Where(c => c.Count() > 1), c => Assert.Single(c.First().RevocationLists));
    }

    [Theory]
    [InlineData("health")]
    [InlineData("challenge")]
    public async Task OtherOperations_NeedNoEvidence(string operation)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = () => new V1.CreateChallengeResponse { Challenge = ByteString.CopyFrom(new byte[64]) };

        CliResult result = await service.RunAsync("bench", "--operation", operation, "--rate", "50", "--arrivals", "fixed", "--duration", "1", "--warmup", "0", "--format", "json");

        // The fake has no grpc.health.v1: the failure of the first call is told as that of any command.
        Assert.Equal(operation == "health" ? 1 : 0, result.ExitCode);
        Assert.Equal(operation == "health" ? 0 : 54, service.Answers.Asked.Count);
    }

    [Fact]
    public async Task Text_ShowsLatencies_Outcomes_AndPlots()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Otherwise = Verdicts.Refused;

        CliResult result = await service.RunAsync([.. Evidence, "--concurrency", "2"]);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("note: the first evidence is rejected (DEBUG_IS_OFF)", result.Error, StringComparison.Ordinal);
        Assert.Contains("Closed loop, 2 callers\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n +\d+  rejected DEBUG_IS_OFF\n", result.Out);
        Assert.Matches(@"\n  admitted +\d+( +\d+\.\d\d){6}\n", result.Out);
        Assert.Matches(@"\n  up to +[\d.]+ ms +\d+  #+\n", result.Out);
        Assert.Matches(@"\n  over time +[0-9]{20}  \(9 is \d+/s\)\n", result.Out);
    }

    [Theory]
    [InlineData("give the evidence", "bench")]
    [InlineData("give the evidence", "bench", "--report", "a", "--evidence", "b")]
    [InlineData("give one of --concurrency, --rate", "bench", "--report", "a", "--rate", "1", "--concurrency", "1")]
    [InlineData("give one of --concurrency, --rate", "bench", "--report", "a", "--rate", "1", "--find-peak")]
    [InlineData("--peak has a meaning only", "bench", "--report", "a", "--peak", "5")]
    [InlineData("--arrivals has a meaning only", "bench", "--report", "a", "--arrivals", "fixed")]
    [InlineData("--times-peak must be a number from 0.01 to 100", "bench", "--report", "a", "--times-peak", "-1")]
    [InlineData("--cold-share needs --cold", "bench", "--report", "a", "--cold-share", "5")]
    [InlineData("--reject-share must be a number from 0 to 100", "bench", "--report", "a", "--reject-share", "101")]
    [InlineData("--reject-share has a meaning only with --operation verify", "bench", "--operation", "health", "--reject-share", "1")]
    [InlineData("--audience has a meaning only with --operation verify", "bench", "--operation", "challenge", "--audience", "a")]
    [InlineData("--tenant has no meaning with --operation health", "bench", "--operation", "health", "--tenant", "a")]
    [InlineData("neither the folder nor one within it has a report.bin", "bench", "--evidence", "/")]
    [InlineData("--pid: /proc/2147483647 cannot be read", "bench", "--operation", "health", "--pid", "2147483647")]
    public async Task WrongCommandLine_IsToldAsSuch(string told, params string[] args)
    {
        CliResult result = await Cli.RunAsync(args);

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
    }

    private static byte[] Original(V1.VerifyRequest request)
    {
        byte[] data = request.Binding.ReportData.ToByteArray();
        data[0] ^= (byte)(request.Evidence.Snp.Report.Span.SequenceEqual(Samples.Read("report.bin")) ? 0 : 1);
        return data;
    }

    private static RpcException Refusal(Duration delay)
    {
        Google.Rpc.Status status = new() { Code = (int)StatusCode.ResourceExhausted, Message = "busy" };
        status.Details.Add(Any.Pack(Answers.Reason("TOO_BUSY")));
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = delay }));
        RpcException exception = status.ToRpcException();
        Metadata trailers = exception.Trailers;
        trailers.Add("grpc-retry-pushback-ms", "100");
        return new RpcException(exception.Status, trailers);
    }
}
