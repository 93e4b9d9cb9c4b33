using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Service.Policies;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A policy, to the wire.</summary>
internal static class PolicyWriting
{
    public static Proto.Policy ToProto(PolicyName name, ArchivedPolicy archived, bool isInForce, bool whole = true)
    {
        Proto.Policy result = new()
        {
            Name = (name with { Version = null }).ToString(),
            Version = archived.Policy.Version,
            Sha256 = archived.Policy.Identity.Sha256.ToProto(),
            InForce = isInForce,
        };
        if (archived.Record is { } record)
        {
            result.Etag = record.Etag;
            result.Author = record.Author;
            result.CreateTime = Timestamp.FromDateTimeOffset(record.CreateTime);
            result.UpdateTime = Timestamp.FromDateTimeOffset(record.UpdateTime);
        }

        if (whole)
        {
            result.Rules = Rules(archived.Policy);
            result.Document = ByteString.CopyFrom(PolicyDocument.Write(archived.Policy));
        }

        return result;
    }

    private static Proto.PolicyRules Rules(AppraisalPolicy policy)
    {
        Proto.PolicyRules rules = new()
        {
            Description = policy.Description,
            Constraints = ConstraintsWriter.ToProto(policy.Constraints),
            Revocation = policy.Revocation == RevocationRule.Required ? Proto.PolicyRules.Types.Revocation.Required : Proto.PolicyRules.Types.Revocation.Preferred,
            RequestsMayState = policy.AdmittedExpectations is { } admitted
                ? new Proto.AdmittedExpectations { Names = { admitted.Order().Select(e => e.WireName()) } }
                : null,
            UnsafeAllowDebug = policy.UnsafeAllowDebug,
            UnsafeAllowMigration = policy.UnsafeAllowMigration,
            UnsafeAllowMaskedChipId = policy.UnsafeAllowMaskedChipId,
            UnsafeAllowUnboundReport = policy.UnsafeAllowUnboundReport,
            UnsafeAllowAnyMeasurement = policy.UnsafeAllowAnyMeasurement,
            UnsafeSkipAliasCheck = policy.UnsafeSkipAliasCheck,
            UnsafeSkipRevocation = policy.UnsafeSkipRevocation,
        };
        rules.CspIds.AddRange((policy.Constraints.CspIds ?? new HashSet<string>()).Order(StringComparer.Ordinal));
        rules.DeniedChips.AddRange((policy.Constraints.DeniedChips ?? new HashSet<SevSnp.Primitives.HexBytes>()).OrderBy(c => c.ToString(), StringComparer.Ordinal).Select(c => c.ToProto()));
        rules.RequiredAdvisories.AddRange(policy.RequiredAdvisories.Order(StringComparer.Ordinal));
        return rules;
    }
}
