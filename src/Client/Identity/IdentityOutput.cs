using System.Text.Json;
using Verifier.Client.Output;

namespace Verifier.Client.Identity;

/// <summary>Rules and tenants for people and for scripts.</summary>
internal static class IdentityOutput
{
    public static void Write(CliContext context, IdentityRuleView rule, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(rule, IdentityJson.Default.IdentityRuleView));
            return;
        }

        Page page = new Page(context.Out, context.UseColor).Append(rule.Id, Page.Heading).Line($"  {string.Join(", ", rule.Roles)}")
            .Field("description", rule.Description).Field("id prefix", rule.IdPrefix).Field("identity", rule.Kind);
        foreach ((string claim, string value) in rule.Matches)
        {
            page.Field(claim, value, indent: 4, width: 22);
        }

        page.Field("author", rule.Author).Field("updated", rule.Updated).Field("etag", rule.Etag);
    }

    public static void Write(CliContext context, IReadOnlyList<IdentityRuleView> rules, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(rules, IdentityJson.Default.IReadOnlyListIdentityRuleView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        page.Line(rules.Count == 0 ? "no rules" : $"{"ID",-32}{"ROLES",-28}IDENTITY", Page.Quiet);
        foreach (IdentityRuleView rule in rules)
        {
            page.Line($"{rule.Id,-32}{string.Join(", ", rule.Roles),-28}{rule.Kind} {string.Join(", ", rule.Matches.Where(m => m.Key != "issuer").Select(m => m.Value))}");
        }
    }

    public static void Write(CliContext context, IReadOnlyList<TenantView> tenants, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(tenants, IdentityJson.Default.IReadOnlyListTenantView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        foreach (TenantView tenant in tenants)
        {
            page.Line(tenant.Id, Page.Heading)
                .Field("open to anyone", OnOff(tenant.OpenToAnyone), width: 24)
                .Field("verify needs identity", OnOff(tenant.VerifyNeedsIdentity), width: 24)
                .Field("require approval", OnOff(tenant.RequireApproval), width: 24)
                .Field("include chip id", OnOff(tenant.IncludeChipId), width: 24)
                .Field("etag", tenant.Etag, width: 24);
        }
    }

    private static string OnOff(bool value) => value ? "on" : "off";
}
