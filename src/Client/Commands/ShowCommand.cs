using System.CommandLine;
using Verifier.Client.Online;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>show</c>: one reference value with everything the registry holds of it.</summary>
internal static class ShowCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the reference value." };
        ServiceAction action = new(context, asAdministrator: false);
        return action.Complete(
            new ExampleCommand("show", "Shows a reference value.", "verifierctl show coconut-2026-11", "verifierctl show coconut-2026-11 --format json") { id },
            c => c.Registry,
            async (parsed, registry, call) =>
            {
                V1.GetReferenceValueRequest request = new() { Name = ResourceNames.Of(action.Tenant(parsed), parsed.GetRequiredValue(id)) };
                V1.GetReferenceValueResponse response = await registry.GetReferenceValueAsync(request, call());
                ReferenceOutput.Write(context, ReferenceValueView.Of(response.ReferenceValue), action.Format(parsed));
                return ExitCode.Success;
            });
    }
}
