using System.CommandLine;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>activate</c>, <c>deprecate</c> and <c>revoke</c>: the steps in a reference value's life.</summary>
internal static class ChangeStateCommands
{
    public static Command Activate(CliContext context) => Create(
        context,
        new ExampleCommand("activate", "Puts a pending or deprecated reference value in use.", "verifierctl activate coconut-2026-11"),
        V1.ReferenceValue.Types.State.Active,
        async (change, registry, call) => (await registry.ActivateReferenceValueAsync(
            new V1.ActivateReferenceValueRequest { Name = change.Name, Etag = change.Etag, RequestId = change.RequestId, ValidateOnly = change.DryRun }, call())).ReferenceValue);

    public static Command Deprecate(CliContext context) => Create(
        context,
        new ExampleCommand(
            "deprecate", "Marks a reference value as superseded: still accepted, with a warning.", "verifierctl deprecate coconut-2026-10"),
        V1.ReferenceValue.Types.State.Deprecated,
        async (change, registry, call) => (await registry.DeprecateReferenceValueAsync(
            new V1.DeprecateReferenceValueRequest { Name = change.Name, Etag = change.Etag, RequestId = change.RequestId, ValidateOnly = change.DryRun }, call())).ReferenceValue);

    public static Command Revoke(CliContext context)
    {
        Option<string> reason = Opt.Text("--reason", "TEXT", "Why, shown to whoever presents such a guest; at most 512 characters.", required: true);
        ExampleCommand command = new(
            "revoke",
            "Revokes a reference value and each of its measurements for good, whoever registers them again.",
            "verifierctl revoke coconut-2026-10 --reason \"CVE-2026-0001\" --dry-run",
            "verifierctl revoke coconut-2026-10 --reason \"CVE-2026-0001\"")
        {
            reason,
        };
        return Create(context, command, V1.ReferenceValue.Types.State.Revoked, async (change, registry, call) =>
        {
            V1.RevokeReferenceValueResponse answer = await registry.RevokeReferenceValueAsync(
                new V1.RevokeReferenceValueRequest
                {
                    Name = change.Name,
                    Reason = change.Parsed.GetRequiredValue(reason),
                    Etag = change.Etag,
                    RequestId = change.RequestId,
                    ValidateOnly = change.DryRun,
                },
                call());
            change.Impact = answer.Impact;
            return answer.ReferenceValue;
        });
    }

    private static Command Create(
        CliContext context,
        ExampleCommand command,
        V1.ReferenceValue.Types.State target,
        Func<Change, V1.RegistryService.RegistryServiceClient, Func<Grpc.Core.CallOptions>, Task<V1.ReferenceValue>> send)
    {
        Argument<string> id = new("ID") { Description = "Id of the reference value." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Change it only if it still has this etag.");
        command.Add(id);
        Option<bool> dryRun = Opt.Flag("--dry-run", "Say how it would end, and change nothing.");
        command.Add(etag);
        command.Add(dryRun);
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(command, c => c.Registry, async (parsed, registry, call) =>
        {
            Change change = new(
                parsed, ResourceNames.Of(action.Tenant(parsed), parsed.GetRequiredValue(id)), parsed.GetValue(etag) ?? "", Guid.NewGuid().ToString(), parsed.GetValue(dryRun));
            V1.ReferenceValue answer = await send(change, registry, call);
            if (answer?.State != target)
            {
                throw new CommandFailure(
                    ExitCode.Outage, $"the service's answer does not say that the reference value is {target.ToString().ToLowerInvariant()} now", "verifierctl show ID tells its state");
            }

            ReferenceOutput.Write(
                context,
                ReferenceValueView.Of(answer) with { DryRun = change.DryRun ? true : null, Impact = change.Impact is { } impact ? RevocationImpactView.Of(impact) : null },
                action.Format(parsed));
            return ExitCode.Success;
        });
    }

    // The request id makes a repeat by the transport harmless.
    private sealed record Change(ParseResult Parsed, string Name, string Etag, string RequestId, bool DryRun)
    {
        public V1.RevocationImpact? Impact { get; set; }
    }
}
