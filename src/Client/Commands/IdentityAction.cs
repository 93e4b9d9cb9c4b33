using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary>What one run of a command on rules or tenants has at hand.</summary>
internal sealed record IdentityCall(
    ParseResult Parsed,
    string Tenant,
    OutputFormat Format,
    V1.IdentityRuleService.IdentityRuleServiceClient Rules,
    V1.TenantService.TenantServiceClient Tenants,
    Func<CallOptions> Options);

/// <summary>What every command on rules and tenants shares. All of them need an administrator, so the token of a service on this machine is looked for.</summary>
internal sealed class IdentityAction(CliContext context)
{
    private readonly ServerOptions _server = new(changesRegistry: true);
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {RegistryNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    public Command Complete(Command command, Func<IdentityCall, Task> action)
    {
        _server.AddTo(command);
        command.Add(_tenant);
        command.Add(_format);
        command.SetAction(async (parsed, cancellation) =>
        {
            ServerInput server = _server.Read(parsed, context);
            using ServiceConnection connection = new(server);
            IdentityCall call = new(
                parsed,
                parsed.GetValue(_tenant) ?? RegistryNames.DefaultTenant,
                parsed.GetValue(_format),
                connection.IdentityRules,
                connection.Tenants,
                () => connection.Call(cancellation));
            await RpcFailure.Guard(server.Address, async () =>
            {
                await action(call);
                return 0;
            });
            return (int)ExitCode.Success;
        });
        return command;
    }
}
