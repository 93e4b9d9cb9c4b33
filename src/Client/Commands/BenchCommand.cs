using System.CommandLine;
using Verifier.Client.Bench;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>bench</c>: how much a running service can do, how long callers wait, and what it does when it is asked for more than that.</summary>
internal sealed class BenchCommand
{
    private readonly MixOptions _mix = new();
    private readonly LoadOptions _load = new();
    private readonly ServerOptions _server = new(asAdministrator: false);
    private readonly Option<uint?> _connections = Opt.Number("--connections", 1, 256, "Connections that calls take turns on. Default: 4.");
    private readonly Option<uint?> _pid = Opt.Number("--pid", 1, int.MaxValue, "Process id of the service, when it is on this machine: tells its processor time and memory. Linux only.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private BenchCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        BenchCommand bench = new();
        ExampleCommand command = new(
            "bench",
            "Measures a running service under load. It makes as many calls as it can: never point it at a service that others need. Exit code 0 says that the load was made, not that the service was quick.",
            "verifierctl bench --report report.bin --vcek vcek.der --chain chain.pem --concurrency 32 --duration 30",
            "verifierctl bench --evidence chips/ --rate 1000 --reject-share 5 --cold new-chips/ --format json",
            "verifierctl bench --evidence chips/ --times-peak 0.7 --times-peak 2 --duration 600 --pid $(pgrep -f Verifier.Service)");
        bench._mix.AddTo(command);
        bench._load.AddTo(command);
        bench._server.AddTo(command);
        command.Add(bench._connections);
        command.Add(bench._pid);
        command.Add(bench._format);
        command.SetAction((parsed, cancellation) => bench.RunAsync(context, parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellation)
    {
        string operation = _mix.Operation(parsed);
        RequestMix mix = _mix.Read(parsed);
        ProcessMeter? process = parsed.GetValue(_pid) is { } pid ? ProcessMeter.Of(pid) : null;
        ServerInput server = _server.Read(parsed, context);
        ServiceConnection[] connections = [.. Enumerable.Range(0, (int)(parsed.GetValue(_connections) ?? 4)).Select(_ => new ServiceConnection(server))];
        try
        {
            BenchCalls calls = new(connections, BenchMethods.Of(operation), mix);
            await TryAsync(context, server, calls, cancellation);
            BenchCalls known = new(connections, BenchMethods.Of(operation), mix.WithoutCold());
            BenchRun run = new(
                context.Clock, new LoadGenerator(context.Clock, calls.MakeAsync), new LoadGenerator(context.Clock, known.MakeAsync), process, new BenchProgress(context));
            (PeakView? peak, IReadOnlyList<PhaseView> phases) = await run.MakeAsync(_load.Read(parsed), cancellation);
            BenchView view = new()
            {
                Server = server.Address.GetLeftPart(UriPartial.Authority),
                Operation = operation,
                WarmChips = operation == MixOptions.VerifyOperation ? mix.WarmCount : null,
                ColdChips = mix.Cold.Count > 0 ? mix.ColdUsed : null,
                Connections = connections.Length,
                Peak = peak,
                Phases = phases,
            };
            BenchOutput.Write(context, view, parsed.GetValue(_format));
            return (int)(phases.Any(p => p.Calls > 0 && p.Accepted + p.Rejected == 0) ? ExitCode.Outage : ExitCode.Success);
        }
        finally
        {
            foreach (ServiceConnection connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    // One call first: a wrong address or a missing right is told as by any other command, not counted a thousand times.
    private static async Task TryAsync(CliContext context, ServerInput server, BenchCalls calls, CancellationToken cancellation)
    {
        CallResult first = await RpcFailure.Guard(server.Address, () => calls.TryAsync(cancellation));
        if (first.Outcome == CallOutcome.Rejected)
        {
            context.Error.WriteLine($"note: the first evidence is rejected ({SafeText.Of(first.Reason)}): what is measured is how that is told");
        }
    }
}
