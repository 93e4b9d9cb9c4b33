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
        V1.GetTreeHeadResponse response = await Service.GetTreeHeadAsync(new() { Parent = ResourceNames.Parent(Tenant) }, Call());
        RemoteHead head = RemoteHead.Read(response.Head, Tenant);
        await Watch.CheckAsync(head, Service, Call);
        return head;
    }
}

/// <summary>What every command on a log has beyond a <see cref="ServiceAction"/>: whose signature is believed.</summary>
internal sealed class LogAction(CliContext context)
{
    private readonly ServiceAction _service = new(context, asAdministrator: false);
    private readonly LogTrustOptions _trust = new();

    public Command Complete(Command command, Func<LogRun, Task<ExitCode>> action)
    {
        _trust.AddTo(command);
        return _service.Complete(command, c => c.Log, (parsed, log, call) =>
        {
            string tenant = _service.Tenant(parsed) ?? ResourceNames.DefaultTenant;
            LogWatch watch = _trust.Watch(context, parsed, _service.Server(parsed), tenant);
            return action(new LogRun(parsed, tenant, _service.Format(parsed), log, call, watch));
        });
    }
}
