using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary>What every command on a service's policies shares: options of the service, tenant and format, and the call itself.</summary>
internal sealed class PolicyAction(CliContext context, bool changes)
{
    private readonly ServerOptions _server = new(changes);
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {RegistryNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    public string Parent(ParseResult parsed) => RegistryNames.Parent(parsed.GetValue(_tenant));

    /// <summary>The full name of a policy; what is one already stays as it is.</summary>
    public string Name(ParseResult parsed, string id) => id.StartsWith("tenants/", StringComparison.Ordinal) ? id : $"{Parent(parsed)}/policies/{id}";

    /// <summary>Ends the set-up of a command.</summary>
    public Command Complete(Command command, Func<ParseResult, V1.PolicyService.PolicyServiceClient, Func<CallOptions>, Task<ExitCode>> action)
    {
        _server.AddTo(command);
        command.Add(_tenant);
        command.Add(_format);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerInput server = _server.Read(parsed, context);
            using ServiceConnection connection = new(server);
            return (int)await RpcFailure.Guard(server.Address, () => action(parsed, connection.Policies, () => connection.Call(cancellation)));
        });
        return command;
    }
}
