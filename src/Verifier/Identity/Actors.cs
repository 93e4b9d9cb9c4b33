using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Registry;

namespace Verifier.Service.Identity;

/// <summary>Callers as the log of changes names them: who vouches for whom, and the claims that decide or that an audit asks for. Never a token.</summary>
internal static class Actors
{
    private const int LongestClaim = 512;

    private static readonly string[] GitHub =
    [
        "repository", "repository_id", "repository_owner_id", "job_workflow_ref", "job_workflow_sha", "workflow_ref", "ref", "sha",
        "event_name", "environment", "runner_environment", "run_id", "run_attempt",
    ];

    private static readonly string[] GitLab =
    [
        "project_path", "project_id", "namespace_id", "job_project_id", "job_namespace_id", "pipeline_source", "pipeline_id", "job_id",
        "ref", "ref_type", "ref_protected", "sha", "environment", "ci_config_ref_uri", "ci_config_sha",
    ];

    private static readonly string[][] Kubernetes =
    [
        ["kubernetes.io", "namespace"], ["kubernetes.io", "serviceaccount", "name"], ["kubernetes.io", "serviceaccount", "uid"],
        ["kubernetes.io", "pod", "name"], ["kubernetes.io", "pod", "uid"],
    ];

    public static Actor Of(Caller caller) => caller switch
    {
        Caller.Administrator admin => new Actor("admin", "", "", new Dictionary<string, string> { ["token_sha256"] = admin.TokenSha256 }),
        Caller.Bearer { Identity: { } identity } => Of(identity),
        Caller.Certificate { Identity: { } identity } => Of(identity),
        _ => Actor.Named("anonymous"),
    };

    private static Actor Of(TokenIdentity identity)
    {
        SortedDictionary<string, string> claims = new(StringComparer.Ordinal) { ["token_sha256"] = identity.TokenSha256 };
        IEnumerable<string[]> paths = identity.Issuer.Kind switch
        {
            IssuerKind.GitHub => GitHub.Select(name => new[] { name }),
            IssuerKind.GitLab => GitLab.Select(name => new[] { name }),
            IssuerKind.Kubernetes => Kubernetes,
            _ => [],
        };
        foreach (string[] path in paths.Append(["jti"]))
        {
            if (identity.Claims.Text(path) is { Length: > 0 and <= LongestClaim } value)
            {
                claims[string.Join('.', path)] = value;
            }
        }

        // No issuer has a space in its name, so no two identities share one.
        return new Actor($"{identity.Issuer.Name} {Principal(identity)}", identity.Issuer.Name, identity.Subject, claims);
    }

    /// <summary>
    /// Who it is, however it comes: a repository on another branch, in another environment or under another name is the same one, and must
    /// not pass for the second of two identities.
    /// </summary>
    private static string Principal(TokenIdentity identity)
    {
        string? claim = identity.Issuer.Kind switch { IssuerKind.GitHub => "repository_id", IssuerKind.GitLab => "project_id", _ => null };
        return claim is not null && identity.Claims.Text(claim) is { Length: > 0 and <= LongestClaim } id ? $"{claim}={id}" : identity.Subject;
    }

    private static Actor Of(CertificateIdentity identity)
    {
        string subject = identity.Uris.Count > 0 ? identity.Uris[0] : identity.DnsNames.Count > 0 ? identity.DnsNames[0] : identity.SpkiSha256;
        return new Actor($"certificate {subject}", "certificate", subject, new Dictionary<string, string> { ["spki_sha256"] = identity.SpkiSha256 });
    }
}
