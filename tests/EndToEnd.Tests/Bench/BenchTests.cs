using System.Text.Json;
using SevSnp.Launch;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Bench;

/// <summary><c>verifierctl bench</c> as a process, against the whole service.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task MixOfKnownNewAndFalsifiedEvidence_IsJudgedAsEachDeserves()
    {
        byte[] measurement = EvidenceFolders.Write(VirtualAmd.Milan, Warm, 3, "bench-warm");
        EvidenceFolders.Write(VirtualAmd.Milan, Cold, 4, "bench-cold");
        await using RunningService service = await RunningService.StartAsync(["--Admission:QueueTime=00:00:01"], VirtualAmd.For(ProductLine.Milan).Roots);
        await service.RegisterAsync("bench", measurement);

        JsonElement result = await BenchAsync(
            service, "--evidence", Warm, "--cold", Cold, "--reject-share", "25", "--rate", "80", "--arrivals", "fixed", "--duration", "2", "--warmup", "1");

        JsonElement phase = result.GetProperty("phases")[0];
        Assert.Equal(
            ["accepted  120", "rejected REPORT_SIGNATURE_IS_VALID 40"],
            phase.GetProperty("outcomes").EnumerateArray().Select(o => $"{Text(o, "outcome")} {Text(o, "reason")} {o.GetProperty("calls")}"));
        Assert.Equal((160, 0, 0), (Number(phase, "calls"), Number(phase, "refused"), Number(phase, "failed")));
        Assert.Equal((3, 4), (Number(result, "warm_chips"), Number(result, "cold_chips")));
        Assert.Equal(4, Number(phase.GetProperty("latency_milliseconds").GetProperty("cold"), "calls"));
    }

    [Theory]
    [InlineData("challenge")]
    [InlineData("health")]
    public async Task OtherOperations_AreAnswered(string operation)
    {
        await using RunningService service = await RunningService.StartAsync();

        JsonElement result = await BenchAsync(service, "--operation", operation, "--concurrency", "2", "--duration", "1", "--warmup", "0");

        JsonElement phase = result.GetProperty("phases")[0];
        Assert.InRange(Number(phase, "accepted"), 1, int.MaxValue);
        Assert.Equal(Number(phase, "calls"), Number(phase, "accepted"));
    }

    private string Warm => Path.Combine(_folder, "warm");

    private string Cold => Path.Combine(_folder, "cold");

    private static async Task<JsonElement> BenchAsync(RunningService service, params string[] options)
    {
        JsonElement result = default;
        bool isWhole = false;
        for (int trial = 0; !isWhole && trial < 4; trial++)
        {
            (int exitCode, string output, string error) = await CommandLineTool.RunAsync(["bench", .. options, "--server", service.Address, "--format", "json"]);
            Assert.Equal((0, ""), (exitCode, error));
            result = JsonDocument.Parse(output).RootElement;

            // A load is no matter of patience: what meets a machine that stands still is refused, or failed, and then another load is made.
            JsonElement phase = result.GetProperty("phases")[0];
            isWhole = (Number(phase, "refused"), BenchFailures.OfTheMachine(phase).Length) == (0, 0);
        }

        Assert.Equal(1, Number(result, "schema_version"));
        return result;
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
