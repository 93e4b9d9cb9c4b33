using System.Text.Json.Serialization;
using Verifier.Client.Online;
using Verifier.Client.Output;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Identity;

/// <summary>A rule, as it is shown.</summary>
internal sealed record IdentityRuleView(
    string Id, string Description, IReadOnlyList<string> Roles, string IdPrefix, string Kind, IReadOnlyDictionary<string, string> Matches, string Author, string Updated, string Etag)
{
    public static IdentityRuleView Of(V1.IdentityRule rule)
    {
        (string kind, (string, string)[] members) = rule.IdentityCase switch
        {
            V1.IdentityRule.IdentityOneofCase.Github => ("github", new[]
            {
                ("issuer", rule.Github.Issuer), ("repository_id", rule.Github.RepositoryId), ("repository_owner_id", rule.Github.RepositoryOwnerId),
                ("job_workflow_ref", rule.Github.JobWorkflowRef), ("workflow_ref", rule.Github.WorkflowRef), ("ref", rule.Github.Ref),
                ("environment", rule.Github.Environment), ("event_names", string.Join(", ", rule.Github.EventNames)),
            }),
            V1.IdentityRule.IdentityOneofCase.Gitlab => ("gitlab", new[]
            {
                ("issuer", rule.Gitlab.Issuer), ("project_id", rule.Gitlab.ProjectId), ("namespace_id", rule.Gitlab.NamespaceId), ("ref", rule.Gitlab.Ref),
                ("environment", rule.Gitlab.Environment), ("ci_config_ref_uri", rule.Gitlab.CiConfigRefUri),
            }),
            V1.IdentityRule.IdentityOneofCase.Kubernetes => ("kubernetes", new[]
            {
                ("issuer", rule.Kubernetes.Issuer), ("namespace", rule.Kubernetes.Namespace), ("service_account", rule.Kubernetes.ServiceAccount),
                ("service_account_uid", rule.Kubernetes.ServiceAccountUid),
            }),
            V1.IdentityRule.IdentityOneofCase.Other => ("other", [("issuer", rule.Other.Issuer), .. rule.Other.Claims.Select(c => (c.Key, c.Value))]),
            V1.IdentityRule.IdentityOneofCase.Certificate => ("certificate", new[]
            {
                ("uri", rule.Certificate.Uri), ("dns_name", rule.Certificate.DnsName), ("spki_sha256", rule.Certificate.SpkiSha256),
            }),
            _ => ("unknown", []),
        };
        return new IdentityRuleView(
            ResourceNames.Id(rule.Name),
            rule.Description,
            [.. rule.Roles.Select(r => r.ToString().ToLowerInvariant())],
            rule.IdPrefix,
            kind,
            members.Where(m => m.Item2.Length > 0).ToDictionary(m => m.Item1, m => m.Item2),
            rule.Author,
            rule.UpdateTime is null ? "" : Times.Text(rule.UpdateTime.ToDateTimeOffset()),
            rule.Etag);
    }
}

/// <summary>A tenant, as it is shown.</summary>
internal sealed record TenantView(string Id, bool OpenToAnyone, bool VerifyNeedsIdentity, bool RequireApproval, bool IncludeChipId, string Etag)
{
    public static TenantView Of(V1.Tenant tenant) => new(
        ResourceNames.Id(tenant.Name),
        tenant.Settings?.OpenToAnyone ?? false,
        tenant.Settings?.VerifyNeedsIdentity ?? false,
        tenant.Settings?.RequireApproval ?? false,
        tenant.Settings?.IncludeChipId ?? false,
        tenant.Etag);
}

/// <summary>The JSON of rules and tenants.</summary>
[JsonSerializable(typeof(IdentityRuleView))]
[JsonSerializable(typeof(IReadOnlyList<IdentityRuleView>))]
[JsonSerializable(typeof(IReadOnlyList<TenantView>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class IdentityJson : JsonSerializerContext;
