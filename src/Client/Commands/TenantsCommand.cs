using System.CommandLine;
using Verifier.Client.Identity;
using Verifier.Client.Input;
using Verifier.Client.Online;
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
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(new ExampleCommand("list", "Lists the tenants.", "verifierctl tenants list"), c => c.Tenants, async (parsed, tenants, call) =>
        {
            V1.ListTenantsResponse response = await tenants.ListTenantsAsync(new(), call());
            IdentityOutput.Write(context, [.. response.Tenants.Select(TenantView.Of)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Show(CliContext context)
    {
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(new ExampleCommand("show", "Shows a tenant's settings.", "verifierctl tenants show --tenant payments"), c => c.Tenants, async (parsed, tenants, call) =>
        {
            V1.GetTenantResponse response = await tenants.GetTenantAsync(new() { Name = ResourceNames.Parent(action.Tenant(parsed)) }, call());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Command Make(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the tenant." };
        Option<FileInfo> rule = Opt.File("--rule", "YAML file with the first rule, which should give somebody the role admin.");
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new("create", "Makes a tenant, with its first rule.", "verifierctl tenants create payments --rule payments-admin.yaml") { id, rule };
        return action.Complete(command, c => c.Tenants, async (parsed, tenants, call) =>
        {
            V1.CreateTenantRequest request = new() { TenantId = parsed.GetRequiredValue(id) };
            if (parsed.GetValue(rule) is { } file)
            {
                (request.IdentityRuleId, request.IdentityRule) = IdentityRuleFile.Read(InputFile.Read(file, MaxFile));
            }

            V1.CreateTenantResponse response = await tenants.CreateTenantAsync(request, call());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    // Reads and writes back: what is not named stays. The etag makes sure that nobody changed it meanwhile.
    private static Command Set(CliContext context)
    {
        Option<string> open = Switch("--open-to-anyone", "Anyone, from anywhere and without an identity, may verify.");
        Option<string> needs = Switch("--verify-needs-identity", "Even a caller on the same machine must show an identity to verify.");
        Option<string> approval = Switch("--require-approval", "What one identity registers must be activated by another.");
        Option<string> chip = Switch("--include-chip-id", "Result tokens name the chip.");
        ServiceAction action = new(context, asAdministrator: true);
        ExampleCommand command = new("set", "Changes a tenant's settings; what is not named stays.", "verifierctl tenants set --require-approval on") { open, needs, approval, chip };
        return action.Complete(command, c => c.Tenants, async (parsed, tenants, call) =>
        {
            V1.Tenant now = (await tenants.GetTenantAsync(new() { Name = ResourceNames.Parent(action.Tenant(parsed)) }, call())).Tenant;
            bool Chosen(Option<string> option, bool current) => parsed.GetValue(option) is { } word ? word == "on" : current;
            V1.TenantSettings settings = new()
            {
                OpenToAnyone = Chosen(open, now.Settings.OpenToAnyone),
                VerifyNeedsIdentity = Chosen(needs, now.Settings.VerifyNeedsIdentity),
                RequireApproval = Chosen(approval, now.Settings.RequireApproval),
                IncludeChipId = Chosen(chip, now.Settings.IncludeChipId),
            };
            V1.UpdateTenantSettingsResponse response = await tenants.UpdateTenantSettingsAsync(
                new() { Name = now.Name, Settings = settings, Etag = now.Etag, RequestId = Guid.NewGuid().ToString() }, call());
            IdentityOutput.Write(context, [TenantView.Of(response.Tenant)], action.Format(parsed));
            return ExitCode.Success;
        });
    }

    private static Option<string> Switch(string name, string description) => Opt.Word(name, "on|off", description, "on", "off");
}
