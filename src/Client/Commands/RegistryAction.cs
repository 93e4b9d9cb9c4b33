using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary>What every command on the registry shares: options of the service, tenant and format, and the call itself.</summary>
internal sealed class RegistryAction(CliContext context, bool changes)
{
    private readonly ServerOptions _server = new(changes);
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {RegistryNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    public string? Tenant(ParseResult parsed) => parsed.GetValue(_tenant);

    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Ends the set-up of a command.</summary>
    public Command Complete(Command command, Func<ParseResult, V1.RegistryService.RegistryServiceClient, Func<CallOptions>, Task<ExitCode>> action) =>
        Complete(command, c => c.Registry, action);

    /// <summary>As <see cref="Complete(Command, Func{ParseResult, V1.RegistryService.RegistryServiceClient, Func{CallOptions}, Task{ExitCode}})"/>, for the lifting of revocations.</summary>
    public Command CompleteLift(Command command, Func<ParseResult, V1.RevocationLiftService.RevocationLiftServiceClient, Func<CallOptions>, Task<ExitCode>> action) =>
        Complete(command, c => c.Lifts, action);

    private Command Complete<TClient>(Command command, Func<ServiceConnection, TClient> client, Func<ParseResult, TClient, Func<CallOptions>, Task<ExitCode>> action)
    {
        _server.AddTo(command);
        command.Add(_tenant);
        command.Add(_format);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerInput server = _server.Read(parsed, context);
            using ServiceConnection connection = new(server);
            return (int)await RpcFailure.Guard(
                server.Address, () => action(parsed, client(connection), () => connection.Call(cancellation)));
        });
        return command;
    }
}
