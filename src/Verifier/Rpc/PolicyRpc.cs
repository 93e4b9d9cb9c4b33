using System.Globalization;
using Grpc.Core;
using SevSnp.Policies;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Pipeline;
using Verifier.Service.Policies;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>The policies' part of the contract.</summary>
[BindServiceMethod(typeof(PolicyRpc), nameof(Bind))]
internal sealed class PolicyRpc(PolicyArchive policies, IPolicyProvider inForce, PolicyTrial trial) : PolicyService.PolicyServiceBase
{
    public static ServiceDescriptor Descriptor => PolicyService.Descriptor;

    public static void Bind(ServiceBinderBase binder, PolicyService.PolicyServiceBase service) => PolicyService.BindService(new StrictBinder(binder), service);

    public override async Task<ApplyPolicyResponse> ApplyPolicy(ApplyPolicyRequest request, ServerCallContext context)
    {
        (PolicyChange change, AppraisalPolicy policy) = PolicyMapping.Read(request);
        StoredDocument stored = PolicyMapping.Unwrap(await policies.ApplyAsync(change, policy, context.Actor(), context.CancellationToken), change.Name);

        // A repeat gives the first answer, which by now may be an older version.
        bool isInForce = change.Name.Id == PolicyNames.InForce && !change.ValidateOnly;
        ApplyPolicyResponse response = new() { Policy = PolicyWriting.ToProto(change.Name, new ArchivedPolicy(stored.ToPolicy(), stored), isInForce) };
        response.UnsafeSwitches.AddRange(policy.UnsafeSwitches);
        return response;
    }

    public override async Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        PolicyName name = PolicyMapping.Read(request);
        ArchivedPolicy found = await policies.GetAsync(name, context.CancellationToken) ?? throw PolicyMapping.NotFound(name);
        return new GetPolicyResponse { Policy = PolicyWriting.ToProto(name, found, await IsInForceAsync(name, found, context)) };
    }

    public override async Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
    {
        string tenant = PolicyMapping.Read(request);
        ListPoliciesResponse response = new();
        foreach (ArchivedPolicy found in await policies.ListAsync(tenant, context.CancellationToken))
        {
            PolicyName name = new(tenant, found.Policy.Name);
            response.Policies.Add(PolicyWriting.ToProto(name, found, name.Id == PolicyNames.InForce, whole: false));
        }

        return response;
    }

    public override async Task<ListPolicyVersionsResponse> ListPolicyVersions(ListPolicyVersionsRequest request, ServerCallContext context)
    {
        (PolicyName name, long? from, int most) = PolicyMapping.Read(request);
        IReadOnlyList<ArchivedPolicy> versions = await policies.ListVersionsAsync(name, from, most, context.CancellationToken) ?? throw PolicyMapping.NotFound(name);
        ListPolicyVersionsResponse response = new();
        for (int i = 0; i < versions.Count; i++)
        {
            bool isInForce = name.Id == PolicyNames.InForce && from is null && i == 0;
            response.Policies.Add(PolicyWriting.ToProto(name, versions[i], isInForce, whole: false));
        }

        long next = versions.Count == most ? versions[^1].Policy.Version - 1 : 0;
        response.NextPageToken = next > 0 ? next.ToString(CultureInfo.InvariantCulture) : "";
        return response;
    }

    public override async Task<DeletePolicyResponse> DeletePolicy(DeletePolicyRequest request, ServerCallContext context)
    {
        PolicyChange change = PolicyMapping.Read(request);
        StoredDocument deleted = PolicyMapping.Unwrap(await policies.DeleteAsync(change, context.Actor(), context.CancellationToken), change.Name);
        return new DeletePolicyResponse { Policy = PolicyWriting.ToProto(change.Name, new ArchivedPolicy(deleted.ToPolicy(), deleted), isInForce: false, whole: false) };
    }

    public override async Task<EvaluatePolicyResponse> EvaluatePolicy(EvaluatePolicyRequest request, ServerCallContext context)
    {
        DryRun run = PolicyMapping.Read(request);
        AppraisalPolicy draft = run.Draft ?? (await policies.GetAsync(run.Name, context.CancellationToken))?.Policy ?? throw PolicyMapping.NotFound(run.Name);
        TrialOutcome outcome = await trial.RunAsync(run.Query with { Caller = context.CallerName(), Patience = context.Patience(), Place = context.Place() }, draft, context.CancellationToken);
        EvaluatePolicyResponse response = new()
        {
            Current = VerdictMapping.ToProto(new ExplainedVerdict(outcome.Current, [])).Verdict,
            Draft = VerdictMapping.ToProto(new ExplainedVerdict(outcome.Draft, [])).Verdict,
        };
        response.DifferingChecks.AddRange(outcome.DifferingChecks);
        return response;
    }

    private async Task<bool> IsInForceAsync(PolicyName name, ArchivedPolicy found, ServerCallContext context)
    {
        AppraisalPolicy now = await inForce.OfAsync(name.Tenant, context.CancellationToken);
        return now.Name == found.Policy.Name && now.Version == found.Policy.Version;
    }
}
