using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Telemetry;

public sealed class OtlpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_HearsTracesMetricsAndLogs()
    {
        StringBuilder heard = new();
        await using WebApplication sink = Sink(heard);
        await sink.StartAsync(Cancellation);

        await using (TestService service = await TestService.StartAsync([$"--Telemetry:OtlpEndpoint={sink.Urls.Single()}"]))
        {
            await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        }

        string text = heard.ToString();
        Assert.Contains("rpc.server.call.duration", text, StringComparison.Ordinal);
        Assert.Contains("verifier.verdicts", text, StringComparison.Ordinal);
        Assert.Contains("POST /verifier.v1.VerifierService/Verify", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestService.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F42_CollectorAway_HasNoEffect()
    {
        await using TestService service = await TestService.StartAsync(["--Telemetry:OtlpEndpoint=http://127.0.0.1:9"]);
        TimeSpan least = TimeSpan.MaxValue;
        // The machine may hold one call up, a collector that is waited for would hold up each.
        for (int i = 0; i < 5 && least > TimeSpan.FromSeconds(5); i++)
        {
            long start = Stopwatch.GetTimestamp();
            await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
            least = Stopwatch.GetElapsedTime(start) < least ? Stopwatch.GetElapsedTime(start) : least;
        }

        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static WebApplication Sink(StringBuilder heard)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            using MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            lock (heard)
            {
                heard.Append(context.Request.Path).Append(Encoding.Latin1.GetString(body.ToArray()));
            }

            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        return app;
    }
}
