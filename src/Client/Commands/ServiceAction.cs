using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;

namespace Verifier.Client.Commands;

/// <summary>What every command on a tenant of a service shares: options of the service, tenant and format, and the call itself.</summary>
/// <param name="context">The surroundings of the run.</param>
/// <param name="asAdministrator">Whether it takes more than the right to read; see <see cref="ServerOptions"/>.</param>
internal sealed class ServiceAction(CliContext context, bool asAdministrator)
{
    private readonly ServerOptions _server = new(asAdministrator);
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {ResourceNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    public Uri Server(ParseResult parsed) => _server.Address(parsed);

    /// <summary>Null where none is named.</summary>
    public string? Tenant(ParseResult parsed) => parsed.GetValue(_tenant);

    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    /// <summary>Ends the set-up of a command.</summary>
    public Command Complete<TClient>(Command command, Func<ServiceConnection, TClient> client, Func<ParseResult, TClient, Func<CallOptions>, Task<ExitCode>> action)
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
