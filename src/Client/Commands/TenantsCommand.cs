using System.CommandLine;
using Verifier.Client.Identity;
using Verifier.Client.Input;
using Verifier.Client.Options;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>tenants</c>: which there are, and what each decides for itself.</summary>
internal static class TenantsCommand
{
    private const int MaxFile = 64 * 1024;

    public static Command Create(CliContext context) => new ExampleCommand("tenants", "Lists and makes tenants, and changes their settings.", "verifierctl tenants list")
    {
        List(context), Show(context), Make(context), Set(context),
    };

    private static Command List(CliContext context)
    {
        IdentityAction action = new(context);
        return action.Complete(new ExampleCommand("list", "Lists the tenants.", "verifierctl tenants list"), async call =>
        {
            V1.ListTenantsResponse response = await call.Tenants.ListTenantsAsync(new(), call.Options());
            IdentityOutput.Write(context, [.. response.Tenants.Select(TenantView.Of)], call.Format);
        });
    }

    private static Command Show(CliContext context)
    {
        IdentityAction action = new(context);
        return action.Complete(new ExampleCommand("show", "Shows a tenant's settings.", "verifierctl tenants show --tenant payments"), async call =>
        {
            V1.GetTenantResponse response = await call.Tenants.GetTenantAsync(new() { Name = RegistryNames.Parent(call.Tenant) }, call.Options());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], call.Format);
        });
    }

    private static Command Make(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the tenant." };
        Option<FileInfo> rule = Opt.File("--rule", "YAML file with the first rule, which should give somebody the role admin.");
        IdentityAction action = new(context);
        ExampleCommand command = new("create", "Makes a tenant, with its first rule.", "verifierctl tenants create payments --rule payments-admin.yaml") { id, rule };
        return action.Complete(command, async call =>
        {
            V1.CreateTenantRequest request = new() { TenantId = call.Parsed.GetRequiredValue(id) };
            if (call.Parsed.GetValue(rule) is { } file)
            {
                (request.IdentityRuleId, request.IdentityRule) = IdentityRuleFile.Read(InputFile.Read(file, MaxFile));
            }

            V1.CreateTenantResponse response = await call.Tenants.CreateTenantAsync(request, call.Options());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], call.Format);
        });
    }

    // Reads and writes back: what is not named stays. The etag makes sure that nobody changed it meanwhile.
    private static Command Set(CliContext context)
    {
        Option<string> open = Switch("--open-to-anyone", "Anyone, from anywhere and without an identity, may verify.");
        Option<string> needs = Switch("--verify-needs-identity", "Even a caller on the same machine must show an identity to verify.");
        Option<string> approval = Switch("--require-approval", "What one identity registers must be activated by another.");
        Option<string> chip = Switch("--include-chip-id", "Result tokens name the chip.");
        IdentityAction action = new(context);
        ExampleCommand command = new("set", "Changes a tenant's settings; what is not named stays.", "verifierctl tenants set --require-approval on") { open, needs, approval, chip };
        return action.Complete(command, async call =>
        {
            V1.Tenant now = (await call.Tenants.GetTenantAsync(new() { Name = RegistryNames.Parent(call.Tenant) }, call.Options())).Tenant;
            bool Chosen(Option<string> option, bool current) => call.Parsed.GetValue(option) is { } word ? word == "on" : current;
            V1.TenantSettings settings = new()
            {
                OpenToAnyone = Chosen(open, now.Settings.OpenToAnyone),
                VerifyNeedsIdentity = Chosen(needs, now.Settings.VerifyNeedsIdentity),
                RequireApproval = Chosen(approval, now.Settings.RequireApproval),
                IncludeChipId = Chosen(chip, now.Settings.IncludeChipId),
            };
            V1.UpdateTenantSettingsResponse response = await call.Tenants.UpdateTenantSettingsAsync(
                new() { Name = now.Name, Settings = settings, Etag = now.Etag, RequestId = Guid.NewGuid().ToString() }, call.Options());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], call.Format);
        });
    }

    private static Option<string> Switch(string name, string description) => Opt.Word(name, "on|off", description, "on", "off");
}
