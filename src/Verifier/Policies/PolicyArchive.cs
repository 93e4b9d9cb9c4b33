using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Policies;

/// <summary>A policy's name: whose it is, which, and in which version where one is named.</summary>
internal readonly record struct PolicyName(string Tenant, string Id, long? Version = null)
{
    public override string ToString() => $"tenants/{Tenant}/policies/{Id}{(Version is { } version ? $"@{version}" : "")}";
}

/// <summary>A policy and its record in the store; without one it is the built-in policy.</summary>
internal sealed record ArchivedPolicy(AppraisalPolicy Policy, StoredDocument? Record);

/// <summary>The rest of a change's request.</summary>
internal sealed record PolicyChange(PolicyName Name, string? Etag, string Reason, bool ValidateOnly, RequestKey? Request);

/// <summary>The policies of all tenants, as documents in the store.</summary>
internal sealed class PolicyArchive(IDocumentStore documents, TimeProvider clock, AppraisalPolicy builtIn, ILogger<PolicyArchive> logger)
{
    public async Task<DocumentOutcome> ApplyAsync(PolicyChange change, AppraisalPolicy policy, Actor actor, CancellationToken cancellation)
    {
        DocumentOutcome outcome = await ChangeAsync(change, DocumentStep.Put, PolicyDocument.Write(policy), actor, cancellation);
        Log("apply", change, outcome, actor, policy.Identity.Sha256.ToString());
        string[] switches = [.. policy.UnsafeSwitches];
        if (switches.Length > 0 && !change.ValidateOnly && change.Name.Id == PolicyNames.InForce && outcome is DocumentOutcome.Done done)
        {
            PolicyLog.Loosened(logger, change.Name.Tenant, string.Join(", ", switches), done.Document.Version);
        }

        return outcome;
    }

    public async Task<DocumentOutcome> DeleteAsync(PolicyChange change, Actor actor, CancellationToken cancellation)
    {
        DocumentOutcome outcome = await ChangeAsync(change, DocumentStep.Delete, default, actor, cancellation);
        Log("delete", change, outcome, actor, "");
        return outcome;
    }

    /// <summary>One policy, or null.</summary>
    public async Task<ArchivedPolicy?> GetAsync(PolicyName name, CancellationToken cancellation)
    {
        if (name.Id == PolicyNames.BuiltIn)
        {
            return name.Version is null or 0 ? new ArchivedPolicy(builtIn, null) : null;
        }

        StoredDocument? record = name.Version is { } version
            ? await documents.GetVersionAsync(name.Tenant, DocumentKind.Policy, name.Id, version, cancellation)
            : await documents.GetAsync(name.Tenant, DocumentKind.Policy, name.Id, cancellation);
        return record is null ? null : new ArchivedPolicy(record.ToPolicy(), record);
    }

    public async Task<IReadOnlyList<ArchivedPolicy>> ListAsync(string tenant, CancellationToken cancellation) =>
        [.. (await documents.ListAsync(tenant, DocumentKind.Policy, cancellation)).Select(r => new ArchivedPolicy(r.ToPolicy(), r))];

    /// <summary>Versions of one policy from a number downwards; null when it is not there.</summary>
    public async Task<IReadOnlyList<ArchivedPolicy>?> ListVersionsAsync(PolicyName name, long? from, int most, CancellationToken cancellation)
    {
        if (await documents.GetAsync(name.Tenant, DocumentKind.Policy, name.Id, cancellation) is not { } current)
        {
            return null;
        }

        List<ArchivedPolicy> versions = [];
        for (long version = Math.Min(from ?? current.Version, current.Version); version >= 1 && versions.Count < most; version--)
        {
            if (await GetAsync(name with { Version = version }, cancellation) is { } archived)
            {
                versions.Add(archived);
            }
        }

        return versions;
    }

    private Task<DocumentOutcome> ChangeAsync(PolicyChange change, DocumentStep step, ReadOnlyMemory<byte> content, Actor actor, CancellationToken cancellation) =>
        documents.ChangeAsync(
            new DocumentChange(change.Name.Tenant, DocumentKind.Policy, change.Name.Id, step, content, change.Etag, actor, clock.GetUtcNow())
            {
                Reason = change.Reason,
                ValidateOnly = change.ValidateOnly,
            },
            change.Request,
            cancellation);

    private void Log(string step, PolicyChange change, DocumentOutcome outcome, Actor actor, string sha256) => PolicyLog.Changed(
        logger,
        change.ValidateOnly ? $"{step} (validate only)" : step,
        change.Name.ToString(),
        outcome.GetType().Name,
        outcome is DocumentOutcome.Done done ? done.Document.Version : 0,
        sha256,
        actor.Name);
}
