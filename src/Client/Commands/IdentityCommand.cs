using System.CommandLine;
using Verifier.Client.Identity;
using Verifier.Client.Input;
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
        IdentityAction action = new(context);
        return action.Complete(new ExampleCommand("list", "Lists the rules of a tenant.", "verifierctl identity rules list"), async call =>
        {
            V1.ListIdentityRulesResponse response = await call.Rules.ListIdentityRulesAsync(new() { Parent = RegistryNames.Parent(call.Tenant) }, call.Options());
            IdentityOutput.Write(context, [.. response.IdentityRules.Select(IdentityRuleView.Of)], call.Format);
        });
    }

    private static Command Show(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the rule." };
        IdentityAction action = new(context);
        return action.Complete(new ExampleCommand("show", "Shows a rule.", "verifierctl identity rules show release") { id }, async call =>
        {
            V1.GetIdentityRuleResponse response = await call.Rules.GetIdentityRuleAsync(new() { Name = Name(call, id) }, call.Options());
            IdentityOutput.Write(context, IdentityRuleView.Of(response.IdentityRule), call.Format);
        });
    }

    private static Command Apply(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "YAML file with one rule." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Replace it only if it still has this etag.");
        Option<bool> dryRun = Opt.Flag("--dry-run", "Say how it would end, and change nothing.");
        IdentityAction action = new(context);
        ExampleCommand command = new(
            "apply",
            "Writes a rule: makes it, or replaces it as a whole.",
            "verifierctl identity rules apply release.yaml",
            "verifierctl identity rules apply release.yaml --dry-run")
        {
            file, etag, dryRun,
        };
        return action.Complete(command, async call =>
        {
            (string id, V1.IdentityRule rule) = IdentityRuleFile.Read(InputFile.Read(call.Parsed.GetRequiredValue(file), MaxFile));
            rule.Name = $"{RegistryNames.Parent(call.Tenant)}/identityRules/{id}";
            V1.UpdateIdentityRuleResponse response = await call.Rules.UpdateIdentityRuleAsync(
                new()
                {
                    IdentityRule = rule,
                    AllowMissing = true,
                    Etag = call.Parsed.GetValue(etag) ?? "",
                    RequestId = Guid.NewGuid().ToString(),
                    ValidateOnly = call.Parsed.GetValue(dryRun),
                },
                call.Options());
            IdentityOutput.Write(context, IdentityRuleView.Of(response.IdentityRule), call.Format);
        });
    }

    private static Command Delete(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the rule." };
        Option<string> etag = Opt.Text("--etag", "ETAG", "Delete it only if it still has this etag.");
        IdentityAction action = new(context);
        return action.Complete(new ExampleCommand("delete", "Deletes a rule; it gives nothing from the next call on.", "verifierctl identity rules delete release") { id, etag }, async call =>
        {
            await call.Rules.DeleteIdentityRuleAsync(
                new() { Name = Name(call, id), Etag = call.Parsed.GetValue(etag) ?? "", RequestId = Guid.NewGuid().ToString() }, call.Options());
        });
    }

    private static Command Test(CliContext context)
    {
        Argument<FileInfo> file = new("CLAIMS") { Description = "JSON file with the claims of a token: its middle part, decoded." };
        Option<string> issuer = Opt.Text("--issuer", "URL", "Issuer of the token, as the service is configured with it.", required: true);
        IdentityAction action = new(context);
        ExampleCommand command = new(
            "test", "Tells which rules would match an identity with these claims.", "verifierctl identity rules test claims.json --issuer https://token.actions.githubusercontent.com")
        {
            file, issuer,
        };
        return action.Complete(command, async call =>
        {
            string claims = System.Text.Encoding.UTF8.GetString(InputFile.Read(call.Parsed.GetRequiredValue(file), MaxFile).Bytes);
            V1.TestIdentityRulesResponse response = await call.Rules.TestIdentityRulesAsync(
                new() { Parent = RegistryNames.Parent(call.Tenant), Issuer = call.Parsed.GetRequiredValue(issuer), ClaimsJson = claims }, call.Options());
            IdentityOutput.Write(context, [.. response.IdentityRules.Select(IdentityRuleView.Of)], call.Format);
        });
    }

    private static string Name(IdentityCall call, Argument<string> id) => $"{RegistryNames.Parent(call.Tenant)}/identityRules/{call.Parsed.GetRequiredValue(id)}";
}
