using System.Text;
using Google.Protobuf.WellKnownTypes;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using Kind = Verifier.Contracts.V1.IdentityRule.IdentityOneofCase;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Rules, from the wire and to it.</summary>
internal static class IdentityRuleMapping
{
    private const int MostDescription = 256;
    private const int MostPrefix = 63;
    private const int MostRoles = 16;

    public static string Name(string tenant, string id) => $"tenants/{tenant}/{DocumentNames.Resource(DocumentKind.IdentityRule, id)}";

    public static (string Tenant, string Id) Name(FieldPath path, string value) => NameMapping.Resource(path, value, DocumentNames.Collection(DocumentKind.IdentityRule), "identity_rule");

    /// <summary>A rule that may be kept. Null only where violations were told.</summary>
    public static IdentityRule? Read(FieldPath path, Proto.IdentityRule? rule, TokenValidator issuers)
    {
        if (rule is null || rule.IdentityCase == Kind.None)
        {
            (rule is null ? path : path.Field("identity")).Required();
            return null;
        }

        FieldRules.FreeText(path.Field("description"), rule.Description, 0, MostDescription);
        FieldRules.Text(path.Field("id_prefix"), rule.IdPrefix, 0, MostPrefix, "[a-z0-9-]", c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
        FieldPath roles = path.Field("roles");
        for (int i = 0; FieldRules.AtMost(roles, rule.Roles.Count, MostRoles) && i < rule.Roles.Count; i++)
        {
            FieldRules.Known(roles.At(i), rule.Roles[i]);
        }

        IdentityRule read = new(Condition(rule), [.. rule.Roles.Distinct().Select(r => (Role)r)]) { Description = rule.Description, IdPrefix = rule.IdPrefix };
        foreach (RuleFault fault in RuleFaults.Of(read))
        {
            path.Field(fault.Field).Fail(fault.IsMissing ? ViolationReasons.Required : ViolationReasons.WrongFormat, fault.Text);
        }

        CheckIssuer(path, read.Condition, issuers);
        return read;
    }

    public static Proto.IdentityRule ToProto(StoredDocument document)
    {
        string name = Name(document.Tenant, document.Id);
        IdentityRule rule = RuleCodec.TryDecode(document.Content.Span) ?? throw new StoreUnfitException($"Rule '{name}' cannot be understood.");
        Proto.IdentityRule proto = new()
        {
            Name = name,
            Description = rule.Description,
            IdPrefix = rule.IdPrefix,
            Author = document.Author,
            CreateTime = Timestamp.FromDateTimeOffset(document.CreateTime),
            UpdateTime = Timestamp.FromDateTimeOffset(document.UpdateTime),
            Etag = document.Etag,
        };
        proto.Roles.AddRange(rule.Roles.Select(r => (Proto.Role)r));
        switch (rule.Condition)
        {
            case GitHubCondition c:
                proto.Github = new Proto.GitHubIdentity
                {
                    Issuer = c.Issuer, RepositoryId = c.RepositoryId, RepositoryOwnerId = c.RepositoryOwnerId, JobWorkflowRef = c.JobWorkflowRef,
                    WorkflowRef = c.WorkflowRef, Ref = c.Ref, Environment = c.Environment, EventNames = { c.EventNames },
                };
                break;
            case GitLabCondition c:
                proto.Gitlab = new Proto.GitLabIdentity
                {
                    Issuer = c.Issuer, ProjectId = c.ProjectId, NamespaceId = c.NamespaceId, Ref = c.Ref, Environment = c.Environment, CiConfigRefUri = c.CiConfigRefUri,
                };
                break;
            case KubernetesCondition c:
                proto.Kubernetes = new Proto.KubernetesIdentity
                {
                    Issuer = c.Issuer, Namespace = c.Namespace, ServiceAccount = c.ServiceAccount, ServiceAccountUid = c.ServiceAccountUid,
                };
                break;
            case ClaimsCondition c:
                proto.Other = new Proto.OtherIdentity { Issuer = c.Issuer, Claims = { c.Claims.ToDictionary() } };
                break;
            case CertificateCondition c:
                proto.Certificate = new Proto.CertificateIdentity { Uri = c.Uri, DnsName = c.DnsName, SpkiSha256 = c.SpkiSha256 };
                break;
        }

        return proto;
    }

    /// <summary>An identity that somebody describes, to ask which rules would match it.</summary>
    public static TokenIdentity? Identity(FieldPath root, string issuer, string claims, TokenValidator issuers)
    {
        TrustedIssuer? trusted = issuers.Find(issuer);
        if (trusted is null)
        {
            root.Field("issuer").Fail(ViolationReasons.UnknownValue, "is no issuer that this service is configured with");
        }

        if (claims.Length is 0 or > 16384 || !StrictJson.TryParseObject(Encoding.UTF8.GetBytes(claims), out System.Text.Json.JsonElement payload))
        {
            root.Field("claims_json").Fail(ViolationReasons.WrongFormat, "must be one JSON object without a member twice, at most 16 KiB");
            return null;
        }

        TokenClaims described = new(payload);
        string? subject = TokenValidator.Subject(described);
        if (subject is null && described.Has("sub"))
        {
            // No rule is asked about such a token. One without any is refused, too; but who describes an identity may leave out what its rule does not name.
            root.Field("claims_json").Fail(ViolationReasons.WrongFormat, "has a sub that is no text of 1 to 512 printable characters; a token with it is refused, whatever rules say");
            return null;
        }

        return trusted is null ? null : new TokenIdentity(trusted, subject ?? "", described, "");
    }

    private static IdentityCondition Condition(Proto.IdentityRule rule) => rule.IdentityCase switch
    {
        Kind.Github => new GitHubCondition
        {
            Issuer = rule.Github.Issuer.Length > 0 ? rule.Github.Issuer : GitHubCondition.DefaultIssuer,
            RepositoryId = rule.Github.RepositoryId,
            RepositoryOwnerId = rule.Github.RepositoryOwnerId,
            JobWorkflowRef = rule.Github.JobWorkflowRef,
            WorkflowRef = rule.Github.WorkflowRef,
            Ref = rule.Github.Ref,
            Environment = rule.Github.Environment,
            EventNames = [.. rule.Github.EventNames],
        },
        Kind.Gitlab => new GitLabCondition
        {
            Issuer = rule.Gitlab.Issuer.Length > 0 ? rule.Gitlab.Issuer : GitLabCondition.DefaultIssuer,
            ProjectId = rule.Gitlab.ProjectId,
            NamespaceId = rule.Gitlab.NamespaceId,
            Ref = rule.Gitlab.Ref,
            Environment = rule.Gitlab.Environment,
            CiConfigRefUri = rule.Gitlab.CiConfigRefUri,
        },
        Kind.Kubernetes => new KubernetesCondition
        {
            Issuer = rule.Kubernetes.Issuer,
            Namespace = rule.Kubernetes.Namespace,
            ServiceAccount = rule.Kubernetes.ServiceAccount,
            ServiceAccountUid = rule.Kubernetes.ServiceAccountUid,
        },
        Kind.Other => new ClaimsCondition { Issuer = rule.Other.Issuer, Claims = rule.Other.Claims.ToDictionary() },
        _ => new CertificateCondition { Uri = rule.Certificate.Uri, DnsName = rule.Certificate.DnsName, SpkiSha256 = rule.Certificate.SpkiSha256 },
    };

    // A rule for an issuer whose word is not taken would look as if it gave something.
    private static void CheckIssuer(FieldPath path, IdentityCondition condition, TokenValidator issuers)
    {
        (string Field, string Issuer, IssuerKind Kind)? named = condition switch
        {
            GitHubCondition c => ("github.issuer", c.Issuer, IssuerKind.GitHub),
            GitLabCondition c => ("gitlab.issuer", c.Issuer, IssuerKind.GitLab),
            KubernetesCondition { Issuer.Length: > 0 } c => ("kubernetes.issuer", c.Issuer, IssuerKind.Kubernetes),
            ClaimsCondition { Issuer.Length: > 0 } c => ("other.issuer", c.Issuer, IssuerKind.Other),
            _ => null,
        };
        if (named is { } n && issuers.Find(n.Issuer)?.Kind != n.Kind)
        {
            path.Field(n.Field).Fail(ViolationReasons.UnknownValue, $"is no issuer that this service is configured with as {n.Kind}");
        }
    }
}
