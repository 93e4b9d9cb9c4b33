using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Log;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary>One run of a command on a log.</summary>
internal sealed record LogRun(ParseResult Parsed, string Tenant, OutputFormat Format, V1.LogService.LogServiceClient Service, Func<CallOptions> Call, LogWatch Watch)
{
    /// <summary>The newest head, signed by the key of this log and adding to the last one that was seen.</summary>
    public async Task<RemoteHead> HeadAsync()
    {
        V1.GetTreeHeadResponse response = await Service.GetTreeHeadAsync(new() { Parent = RegistryNames.Parent(Tenant) }, Call());
        RemoteHead head = RemoteHead.Read(response.Head, Tenant);
        await Watch.CheckAsync(head, Service, Call);
        return head;
    }
}

/// <summary>What every command on a log shares: options of the service, tenant, trust and format, and the call itself.</summary>
internal sealed class LogAction
{
    private readonly ServerOptions _server = new(changesRegistry: false);
    private readonly LogTrustOptions _trust = new();
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {RegistryNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    public Command Complete(CliContext context, Command command, Func<LogRun, Task<ExitCode>> action)
    {
        _server.AddTo(command);
        command.Add(_tenant);
        _trust.AddTo(command);
        command.Add(_format);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerInput server = _server.Read(parsed, context);
            string tenant = parsed.GetValue(_tenant) ?? RegistryNames.DefaultTenant;
            using ServiceConnection connection = new(server);
            LogRun run = new(
                parsed, tenant, parsed.GetValue(_format), connection.Log, () => connection.Call(cancellation), _trust.Watch(context, parsed, server.Address, tenant));
            return (int)await RpcFailure.Guard(server.Address, () => action(run));
        });
        return command;
    }
}
