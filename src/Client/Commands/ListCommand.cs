using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>list</c>: the reference values of a tenant.</summary>
internal static class ListCommand
{
    // Values of the largest kind then stay well below the 4 MiB that an answer may have.
    private const int PageSize = 50;

    public static Command Create(CliContext context)
    {
        Option<string> image = Opt.Text("--image", "NAME", "Only this image.");
        Option<string> state = Opt.Word("--state", "STATE", "Only this state: pending, active, deprecated or revoked.", "pending", "active", "deprecated", "revoked");
        Option<uint?> limit = Opt.Number("--limit", 1, 1_000_000, "Most reference values to list. Default: 1000.");
        ServiceAction action = new(context, asAdministrator: false);
        return action.Complete(
            new ExampleCommand("list", "Lists reference values, ordered by id.", "verifierctl list", "verifierctl list --image coconut-svsm --state active --format json")
            {
                image, state, limit,
            },
            c => c.Registry,
            async (parsed, registry, call) =>
            {
                V1.ListReferenceValuesRequest request = new()
                {
                    Parent = ResourceNames.Parent(action.Tenant(parsed)),
                    PageSize = PageSize,
                    Filter = new() { Image = parsed.GetValue(image) ?? "", State = State(parsed.GetValue(state)) },
                };
                ReferenceListView list = await ReadAsync(registry, request, (int)(parsed.GetValue(limit) ?? 1000), call);
                ReferenceOutput.Write(context, list, action.Format(parsed));
                return ExitCode.Success;
            });
    }

    private static async Task<ReferenceListView> ReadAsync(
        V1.RegistryService.RegistryServiceClient registry, V1.ListReferenceValuesRequest request, int limit, Func<CallOptions> call)
    {
        List<ReferenceValueView> values = [];

        // One deadline for all pages: a service that always has another one must not hold us for ever.
        CallOptions options = call();
        do
        {
            V1.ListReferenceValuesResponse page = await registry.ListReferenceValuesAsync(request, options);
            values.AddRange(page.ReferenceValues.Select(ReferenceValueView.Of));

            // A token that does not move would be read for ever, and what is behind it is not known.
            if (page.NextPageToken.Length > 0 && page.NextPageToken == request.PageToken)
            {
                throw new CommandFailure(ExitCode.Outage, "the service gives the same page again and again, so that the list is not complete");
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && values.Count < limit);
        return new ReferenceListView([.. values.Take(limit)], request.PageToken.Length > 0 || values.Count > limit);
    }

    private static V1.ReferenceValue.Types.State State(string? name) => name switch
    {
        "pending" => V1.ReferenceValue.Types.State.Pending,
        "active" => V1.ReferenceValue.Types.State.Active,
        "deprecated" => V1.ReferenceValue.Types.State.Deprecated,
        "revoked" => V1.ReferenceValue.Types.State.Revoked,
        _ => V1.ReferenceValue.Types.State.Unspecified,
    };
}
