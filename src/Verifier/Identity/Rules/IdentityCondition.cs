using System.Text.Json.Serialization;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity.Rules;

/// <summary>
/// What must be true of a caller. An empty member states nothing; every other must match exactly, but for a suffix of a ref. A stored one has
/// all its members: one that is missing is not taken for one that states nothing.
/// </summary>
internal abstract record IdentityCondition
{
    public abstract bool Matches(Caller caller);

    /// <summary>Where a token of the named issuer and kind is held against the condition.</summary>
    protected static bool Of(Caller caller, string issuer, IssuerKind kind, Func<TokenClaims, bool> matches) =>
        caller is Caller.Bearer { Identity: { } identity } && identity.Issuer.Name == issuer && identity.Issuer.Kind == kind && matches(identity.Claims);

    protected static bool Exactly(string stated, string? claimed) => stated.Length == 0 || stated == claimed;
}

/// <summary>A job of GitHub Actions.</summary>
internal sealed record GitHubCondition : IdentityCondition
{
    public const string DefaultIssuer = "https://token.actions.githubusercontent.com";

    // All run for whoever opens or reviews a pull request or writes a comment, or after such a run; several with the rights of the repository.
    private static readonly string[] OnlyWhenNamed =
        ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment", "issue_comment", "workflow_run"];

    [JsonRequired]
    public string Issuer { get; init; } = DefaultIssuer;

    /// <summary>Number of the repository: stays when it is renamed, and is never given to another.</summary>
    [JsonRequired]
    public string RepositoryId { get; init; } = "";

    /// <summary>Number of its owner.</summary>
    [JsonRequired]
    public string RepositoryOwnerId { get; init; } = "";

    /// <summary>File and ref of the workflow that holds the job, a reusable one included.</summary>
    [JsonRequired]
    public string JobWorkflowRef { get; init; } = "";

    /// <summary>File and ref of the workflow that was started.</summary>
    [JsonRequired]
    public string WorkflowRef { get; init; } = "";

    [JsonRequired]
    public string Ref { get; init; } = "";

    [JsonRequired]
    public string Environment { get; init; } = "";

    /// <summary>Events that may have started it. None: any but those that strangers start.</summary>
    [JsonRequired]
    public IReadOnlyList<string> EventNames { get; init; } = [];

    public override bool Matches(Caller caller) => Of(caller, Issuer, IssuerKind.GitHub, claims =>
        RepositoryId == claims.Text("repository_id")
        && RepositoryOwnerId == claims.Text("repository_owner_id")
        && (JobWorkflowRef.Length == 0 || SuffixPattern.MatchesFileAtRef(JobWorkflowRef, claims.Text("job_workflow_ref")))
        && (WorkflowRef.Length == 0 || SuffixPattern.MatchesFileAtRef(WorkflowRef, claims.Text("workflow_ref")))
        && (Ref.Length == 0 || SuffixPattern.Matches(Ref, claims.Text("ref")))
        && Exactly(Environment, claims.Text("environment"))
        && claims.Text("event_name") is { } started
        && (EventNames.Count == 0 ? !OnlyWhenNamed.Contains(started) : EventNames.Contains(started)));
}

/// <summary>A job of GitLab CI, on a protected ref and never of a merge request.</summary>
internal sealed record GitLabCondition : IdentityCondition
{
    public const string DefaultIssuer = "https://gitlab.com";

    [JsonRequired]
    public string Issuer { get; init; } = DefaultIssuer;

    [JsonRequired]
    public string ProjectId { get; init; } = "";

    [JsonRequired]
    public string NamespaceId { get; init; } = "";

    /// <summary>Branch or tag by its full name, refs/heads/... or refs/tags/...</summary>
    [JsonRequired]
    public string Ref { get; init; } = "";

    [JsonRequired]
    public string Environment { get; init; } = "";

    /// <summary>File and ref of the pipeline's configuration.</summary>
    [JsonRequired]
    public string CiConfigRefUri { get; init; } = "";

    // The pipeline of a fork's merge request runs in the project that it is for and names the fork as its project: only job_project_id
    // tells where the job ran. Both must be this project.
    public override bool Matches(Caller caller) => Of(caller, Issuer, IssuerKind.GitLab, claims =>
        ProjectId == claims.Text("project_id")
        && (!claims.Has("job_project_id") || ProjectId == claims.Text("job_project_id"))
        && NamespaceId == claims.Text("namespace_id")
        && (!claims.Has("job_namespace_id") || NamespaceId == claims.Text("job_namespace_id"))
        && claims.Text("pipeline_source") is { } source and not ("merge_request_event" or "external_pull_request_event")
        && source.Length > 0
        && claims.Text("ref_protected") == "true"
        && (Ref.Length == 0 || SuffixPattern.Matches(Ref, FullRef(claims)))
        && (CiConfigRefUri.Length == 0 || SuffixPattern.MatchesFileAtRef(CiConfigRefUri, claims.Text("ci_config_ref_uri")))
        && Exactly(Environment, claims.Text("environment")));

    private static string? FullRef(TokenClaims claims) => (claims.Text("ref_type"), claims.Text("ref")) switch
    {
        ("branch", { Length: > 0 } name) => $"refs/heads/{name}",
        ("tag", { Length: > 0 } name) => $"refs/tags/{name}",
        _ => null,
    };
}

/// <summary>A service account of a Kubernetes cluster, shown by a token that is bound and made for us.</summary>
internal sealed record KubernetesCondition : IdentityCondition
{
    public const string Claim = "kubernetes.io";

    [JsonRequired]
    public string Issuer { get; init; } = "";

    [JsonRequired]
    public string Namespace { get; init; } = "";

    [JsonRequired]
    public string ServiceAccount { get; init; } = "";

    /// <summary>Of this very account, and not of another that was made later under its name.</summary>
    [JsonRequired]
    public string ServiceAccountUid { get; init; } = "";

    public override bool Matches(Caller caller) => Of(caller, Issuer, IssuerKind.Kubernetes, claims =>
        Namespace == claims.Text(Claim, "namespace")
        && ServiceAccount == claims.Text(Claim, "serviceaccount", "name")
        && claims.Text("sub") == $"system:serviceaccount:{Namespace}:{ServiceAccount}"
        && Exactly(ServiceAccountUid, claims.Text(Claim, "serviceaccount", "uid")));
}

/// <summary>An identity of any other issuer, by claims of the rule's own choice.</summary>
internal sealed record ClaimsCondition : IdentityCondition
{
    [JsonRequired]
    public string Issuer { get; init; } = "";

    [JsonRequired]
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();

    public override bool Matches(Caller caller) => Of(caller, Issuer, IssuerKind.Other, claims =>
        Claims.Count > 0 && Claims.All(c => claims.Text(c.Key) == c.Value));
}

/// <summary>The holder of a client certificate: by one name in it, or by its key.</summary>
internal sealed record CertificateCondition : IdentityCondition
{
    [JsonRequired]
    public string Uri { get; init; } = "";

    [JsonRequired]
    public string DnsName { get; init; } = "";

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 64 hexadecimal digits.</summary>
    [JsonRequired]
    public string SpkiSha256 { get; init; } = "";

    public override bool Matches(Caller caller) =>
        caller is Caller.Certificate { Identity: { } identity }
        && (Uri.Length > 0 || DnsName.Length > 0 || SpkiSha256.Length > 0)
        && (Uri.Length == 0 || identity.Uris.Contains(Uri))
        && (DnsName.Length == 0 || identity.DnsNames.Contains(DnsName))
        && (SpkiSha256.Length == 0 || SpkiSha256 == identity.SpkiSha256);
}
