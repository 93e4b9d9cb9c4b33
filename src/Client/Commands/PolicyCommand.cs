using System.CommandLine;
using SevSnp.Policies;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Policies;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>policy</c>: what guests must be, as YAML files and as a service keeps it.</summary>
internal static class PolicyCommand
{
    public static Command Create(CliContext context) => new("policy", "Applies, shows and tries out policies: what guests must be.")
    {
        Apply(context),
        Show(context),
        List(context),
        Delete(context),
        PolicyTestCommand.Create(context),
    };

    private static Command Apply(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "The policy, YAML; docs/policies.md has every member." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Apply it only over the version with this etag.");
        Option<string> reason = Opt.Text("--reason", "TEXT", "Why, for the log; at most 512 characters.");
        Option<bool> tryOnly = Opt.Flag("--dry-run", "Say how it would end, and change nothing.");
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new(
            "apply",
            "Stores a policy as a new version. The one with the name default is in force from the next question on; others are drafts.",
            "verifierctl policy apply default.yaml",
            "verifierctl policy apply draft.yaml --dry-run")
        {
            file, etag, reason, tryOnly,
        };
        return action.Complete(command, c => c.Policies, async (parsed, policies, call) =>
        {
            AppraisalPolicy policy = PolicyFile.Read(parsed.GetRequiredValue(file));
            V1.ApplyPolicyResponse answer = await policies.ApplyPolicyAsync(
                new()
                {
                    Policy = new() { Name = NameOf(action.Tenant(parsed), policy.Name), Rules = PolicyRequests.Rules(policy) },
                    Etag = parsed.GetValue(etag) ?? "",
                    Reason = parsed.GetValue(reason) ?? "",
                    RequestId = Guid.NewGuid().ToString(),
                    ValidateOnly = parsed.GetValue(tryOnly),
                },
                call());
            PolicyView view = PolicyView.Of(answer.Policy ?? new());
            if (view.Sha256 != policy.Identity.Sha256.ToString())
            {
                throw new CommandFailure(ExitCode.Outage, "the service's answer is not the policy of the file", "verifierctl policy show NAME tells what is stored");
            }

            PolicyOutput.WriteApplied(context, view, [.. answer.UnsafeSwitches], parsed.GetValue(tryOnly), action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Show(CliContext context)
    {
        Argument<string> name = new("NAME") { Description = "Name of the policy, with @VERSION for an older one; builtin is the service's own." };
        ServiceAction action = new(context, asAdministrator: false);
        ExampleCommand command = new(
            "show", "Writes a policy as the YAML that apply takes.", "verifierctl policy show default > default.yaml", "verifierctl policy show default@3")
        {
            name,
        };
        return action.Complete(command, c => c.Policies, async (parsed, policies, call) =>
        {
            V1.Policy policy = (await policies.GetPolicyAsync(new() { Name = NameOf(action.Tenant(parsed), parsed.GetRequiredValue(name)) }, call())).Policy ?? new();
            PolicyOutput.Write(context, PolicyView.Of(policy), policy.Document.Memory, action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command List(CliContext context)
    {
        Option<string> versions = Opt.Text("--versions-of", "NAME", "List the versions of this policy, the newest first.");
        ServiceAction action = new(context, asAdministrator: false);
        ExampleCommand command = new("list", "Lists policies, or the versions of one.", "verifierctl policy list", "verifierctl policy list --versions-of default") { versions };
        return action.Complete(command, c => c.Policies, async (parsed, policies, call) =>
        {
            PolicyListView view = parsed.GetValue(versions) is { } name
                ? await VersionsAsync(policies, NameOf(action.Tenant(parsed), name), call)
                : new PolicyListView([.. (await policies.ListPoliciesAsync(new() { Parent = ResourceNames.Parent(action.Tenant(parsed)) }, call())).Policies.Select(PolicyView.Of)], Truncated: false);
            PolicyOutput.Write(context, view, action.Format(parsed));
            return ExitCode.Success;
        });
    }

    // The newest are what is asked for; what is older is told to be there.
    private static async Task<PolicyListView> VersionsAsync(V1.PolicyService.PolicyServiceClient policies, string name, Func<Grpc.Core.CallOptions> call)
    {
        const int MostShown = 100;
        V1.ListPolicyVersionsResponse page = await policies.ListPolicyVersionsAsync(new() { Name = name, PageSize = MostShown }, call());
        return new PolicyListView([.. page.Policies.Select(PolicyView.Of)], page.NextPageToken.Length > 0);
    }

    private static Command Delete(CliContext context)
    {
        Argument<string> name = new("NAME") { Description = "Name of the policy; never that of the one in force." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Delete it only if it still has this etag.");
        Option<string> reason = Opt.Text("--reason", "TEXT", "Why, for the log; at most 512 characters.");
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new("delete", "Deletes a draft; its versions stay readable.", "verifierctl policy delete draft") { name, etag, reason };
        return action.Complete(command, c => c.Policies, async (parsed, policies, call) =>
        {
            V1.DeletePolicyResponse answer = await policies.DeletePolicyAsync(
                new()
                {
                    Name = NameOf(action.Tenant(parsed), parsed.GetRequiredValue(name)),
                    Etag = parsed.GetValue(etag) ?? "",
                    Reason = parsed.GetValue(reason) ?? "",
                    RequestId = Guid.NewGuid().ToString(),
                },
                call());
            PolicyOutput.Write(context, new PolicyListView([PolicyView.Of(answer.Policy ?? new())], Truncated: false), action.Format(parsed));
            return ExitCode.Success;
        });
    }

    // The full name; what is one already stays as it is.
    private static string NameOf(string? tenant, string id) => id.StartsWith("tenants/", StringComparison.Ordinal) ? id : $"{ResourceNames.Parent(tenant)}/policies/{id}";
}
