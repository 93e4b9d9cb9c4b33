namespace Verifier.Service.Identity.Rules;

/// <summary>What is wrong with a rule: the field, as the contract names it, whether it is missing, and words.</summary>
internal sealed record RuleFault(string Field, bool IsMissing, string Text);

/// <summary>
/// What a rule must say before it gives anyone a right. A rule that could match more than its author thinks is refused when it is
/// written, with what is missing.
/// </summary>
internal static class RuleFaults
{
    public const int MostClaims = 16;
    public const int MostEvents = 16;
    public const int Longest = 512;

    // True of every token of an issuer, or of one token alone.
    private static readonly string[] NothingDecided = ["iss", "aud", "exp", "nbf", "iat", "jti", "azp"];

    public static IReadOnlyList<RuleFault> Of(IdentityRule rule)
    {
        List<RuleFault> faults = [.. Rights(rule), .. Condition(rule.Condition, rule.Roles.Any(r => r.CanChange()))];
        return faults;
    }

    private static IEnumerable<RuleFault> Rights(IdentityRule rule)
    {
        if (rule.Roles.Count == 0)
        {
            yield return Missing("roles", "is required: a rule gives at least one role");
        }

        if (rule.IdPrefix.Length > 0 && !rule.Roles.Contains(Role.Registrar))
        {
            yield return Wrong("id_prefix", "has a meaning for the role registrar only");
        }

        if (rule.IdPrefix.Length > 0 && rule.Roles.Contains(Role.Admin))
        {
            yield return Wrong("id_prefix", "bounds nothing beside the role admin, which may do everything");
        }
    }

    private static IEnumerable<RuleFault> Condition(IdentityCondition condition, bool canChange) => condition switch
    {
        GitHubCondition github => GitHub(github, canChange),
        GitLabCondition gitlab => GitLab(gitlab),
        KubernetesCondition kubernetes => Kubernetes(kubernetes, canChange),
        ClaimsCondition claims => Claims(claims),
        CertificateCondition certificate => Certificate(certificate),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<RuleFault> GitHub(GitHubCondition c, bool canChange) => Broken(
        (!IsNumber(c.RepositoryId), Number("github.repository_id", c.RepositoryId, "the number of the repository, which no other ever gets")),
        (!IsNumber(c.RepositoryOwnerId), Number("github.repository_owner_id", c.RepositoryOwnerId, "the number of the repository's owner")),
        (c.JobWorkflowRef.Length > 0 && !SuffixPattern.IsFileAtRef(c.JobWorkflowRef), FileAtRef("github.job_workflow_ref")),
        (c.WorkflowRef.Length > 0 && !SuffixPattern.IsFileAtRef(c.WorkflowRef), FileAtRef("github.workflow_ref")),
        (c.Ref.Length > 0 && !SuffixPattern.IsRef(c.Ref), Ref("github.ref")),
        (!IsExact(c.Environment), Exact("github.environment")),
        (c.EventNames.Count > MostEvents || !c.EventNames.All(e => e is { Length: > 0 } && IsExact(e)), Wrong("github.event_names", $"must be at most {MostEvents} names of events, each exact")),
        (canChange && c.JobWorkflowRef.Length + c.WorkflowRef.Length + c.Ref.Length + c.Environment.Length == 0,
            Missing("github", "needs one of job_workflow_ref, workflow_ref, ref and environment: whoever may push any branch of the repository would have these roles")));

    private static IEnumerable<RuleFault> GitLab(GitLabCondition c) => Broken(
        (!IsNumber(c.ProjectId), Number("gitlab.project_id", c.ProjectId, "the number of the project, which no other ever gets")),
        (!IsNumber(c.NamespaceId), Number("gitlab.namespace_id", c.NamespaceId, "the number of the project's namespace")),
        (c.Ref.Length > 0 && !SuffixPattern.IsRef(c.Ref), Ref("gitlab.ref")),
        (c.CiConfigRefUri.Length > 0 && !SuffixPattern.IsFileAtRef(c.CiConfigRefUri), FileAtRef("gitlab.ci_config_ref_uri")),
        (!IsExact(c.Environment), Exact("gitlab.environment")));

    private static IEnumerable<RuleFault> Kubernetes(KubernetesCondition c, bool canChange) => Broken(
        (c.Issuer.Length == 0, Missing("kubernetes.issuer", "is required: the cluster's issuer")),
        (c.Namespace.Length == 0, Missing("kubernetes.namespace", "is required")),
        (!IsExact(c.Namespace), Exact("kubernetes.namespace")),
        (c.ServiceAccount.Length == 0, Missing("kubernetes.service_account", "is required")),
        (!IsExact(c.ServiceAccount), Exact("kubernetes.service_account")),
        (!IsExact(c.ServiceAccountUid), Exact("kubernetes.service_account_uid")),
        (canChange && c.ServiceAccountUid.Length == 0,
            Missing("kubernetes.service_account_uid", "is required for these roles: an account made later under the same name would have them")));

    private static IEnumerable<RuleFault> Claims(ClaimsCondition c) => Broken(
        (c.Issuer.Length == 0, Missing("other.issuer", "is required")),
        (!c.Claims.Keys.Any(name => !NothingDecided.Contains(name)), Missing("other.claims", "needs a claim that tells one identity from another, such as sub")),
        (c.Claims.Count > MostClaims, Wrong("other.claims", $"must be at most {MostClaims}")),
        (!c.Claims.All(p => p.Key.Length > 0 && p.Value is { Length: > 0 } && IsExact(p.Key) && IsExact(p.Value)), Exact("other.claims")));

    private static IEnumerable<RuleFault> Certificate(CertificateCondition c) => Broken(
        (new[] { c.Uri, c.DnsName, c.SpkiSha256 }.Count(t => t.Length > 0) != 1, Missing("certificate", "needs exactly one of uri, dns_name and spki_sha256")),
        (!IsExact(c.Uri), Exact("certificate.uri")),
        (!IsExact(c.DnsName), Exact("certificate.dns_name")),
        (c.SpkiSha256.Length > 0 && (c.SpkiSha256.Length != 64 || !c.SpkiSha256.All(char.IsAsciiHexDigitLower)),
            Wrong("certificate.spki_sha256", "must be 64 lower-case hexadecimal digits")));

    private static IEnumerable<RuleFault> Broken(params (bool Broken, RuleFault Fault)[] rules) => rules.Where(r => r.Broken).Select(r => r.Fault);

    private static RuleFault Number(string field, string value, string what) =>
        value.Length == 0 ? Missing(field, $"is required: {what}") : Wrong(field, "must be a whole number in decimal digits");

    private static RuleFault Missing(string field, string text) => new(field, true, text);

    private static RuleFault Wrong(string field, string text) => new(field, false, text);

    private static RuleFault Exact(string field) => Wrong(field, $"must be exact: at most {Longest} printable characters, and no *");

    private static RuleFault Ref(string field) => Wrong(field, "must be refs/heads/... or refs/tags/..., with * at most as its last character");

    private static RuleFault FileAtRef(string field) =>
        Wrong(field, "must be FILE@REF: the file exact, the ref a commit or refs/heads/... or refs/tags/... with * at most as its last character");

    private static bool IsNumber(string text) => text.Length is >= 1 and <= 20 && text[0] != '0' && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsExact(string text) => text.Length <= Longest && !text.Contains('*', StringComparison.Ordinal) && !text.Any(char.IsControl);
}
