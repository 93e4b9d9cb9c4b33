using System.CommandLine;
using Verifier.Client.Identity;
using Verifier.Client.Input;
using Verifier.Client.Online;
using Verifier.Client.Options;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>identity rules</c>: who may do what in a tenant.</summary>
internal static class IdentityCommand
{
    private const int MaxFile = 64 * 1024;

    public static Command Create(CliContext context) => new ExampleCommand("identity", "Keeps the rules that give roles to identities.", "verifierctl identity rules list")
    {
        new ExampleCommand("rules", "Lists, writes, deletes and tries rules.", "verifierctl identity rules apply release.yaml")
        {
            List(context), Show(context), Apply(context), Delete(context), Test(context),
        },
    };

    private static Command List(CliContext context)
    {
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(new ExampleCommand("list", "Lists the rules of a tenant.", "verifierctl identity rules list"), c => c.IdentityRules, async (parsed, rules, call) =>
        {
            V1.ListIdentityRulesResponse response = await rules.ListIdentityRulesAsync(new() { Parent = ResourceNames.Parent(action.Tenant(parsed)) }, call());
            IdentityOutput.Write(context, [.. response.IdentityRules.Select(IdentityRuleView.Of)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Show(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the rule." };
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(new ExampleCommand("show", "Shows a rule.", "verifierctl identity rules show release") { id }, c => c.IdentityRules, async (parsed, rules, call) =>
        {
            V1.GetIdentityRuleResponse response = await rules.GetIdentityRuleAsync(new() { Name = NameOf(action.Tenant(parsed), parsed.GetRequiredValue(id)) }, call());
            IdentityOutput.Write(context, IdentityRuleView.Of(response.IdentityRule), action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Apply(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "YAML file with one rule." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Replace it only if it still has this etag.");
        Option<bool> dryRun = Opt.Flag("--dry-run", "Say how it would end, and change nothing.");
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new(
            "apply",
            "Writes a rule: makes it, or replaces it as a whole.",
            "verifierctl identity rules apply release.yaml",
            "verifierctl identity rules apply release.yaml --dry-run")
        {
            file, etag, dryRun,
        };
        return action.Complete(command, c => c.IdentityRules, async (parsed, rules, call) =>
        {
            (string id, V1.IdentityRule rule) = IdentityRuleFile.Read(InputFile.Read(parsed.GetRequiredValue(file), MaxFile));
            rule.Name = NameOf(action.Tenant(parsed), id);
            V1.UpdateIdentityRuleResponse response = await rules.UpdateIdentityRuleAsync(
                new()
                {
                    IdentityRule = rule,
                    AllowMissing = true,
                    Etag = parsed.GetValue(etag) ?? "",
                    RequestId = Guid.NewGuid().ToString(),
                    ValidateOnly = parsed.GetValue(dryRun),
                },
                call());
            IdentityOutput.Write(context, IdentityRuleView.Of(response.IdentityRule), action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Delete(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the rule." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Delete it only if it still has this etag.");
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(new ExampleCommand("delete", "Deletes a rule; it gives nothing from the next call on.", "verifierctl identity rules delete release") { id, etag }, c => c.IdentityRules, async (parsed, rules, call) =>
        {
            await rules.DeleteIdentityRuleAsync(
                new() { Name = NameOf(action.Tenant(parsed), parsed.GetRequiredValue(id)), Etag = parsed.GetValue(etag) ?? "", RequestId = Guid.NewGuid().ToString() }, call());
            return ExitCode.Success;
        });
    }

    private static Command Test(CliContext context)
    {
        Argument<FileInfo> file = new("CLAIMS") { Description = "JSON file with the claims of a token: its middle part, decoded." };
        Option<string> issuer = Opt.Text("--issuer", "URL", "Issuer of the token, as the service is configured with it.", required: true);
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new(
            "test", "Tells which rules would match an identity with these claims.", "verifierctl identity rules test claims.json --issuer https://token.actions.githubusercontent.com")
        {
            file, issuer,
        };
        return action.Complete(command, c => c.IdentityRules, async (parsed, rules, call) =>
        {
            string claims = System.Text.Encoding.UTF8.GetString(InputFile.Read(parsed.GetRequiredValue(file), MaxFile).Bytes);
            V1.TestIdentityRulesResponse response = await rules.TestIdentityRulesAsync(
                new() { Parent = ResourceNames.Parent(action.Tenant(parsed)), Issuer = parsed.GetRequiredValue(issuer), ClaimsJson = claims }, call());
            IdentityOutput.Write(context, [.. response.IdentityRules.Select(IdentityRuleView.Of)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static string NameOf(string? tenant, string id) => $"{ResourceNames.Parent(tenant)}/identityRules/{id}";
}
