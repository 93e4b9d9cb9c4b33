using Google.Protobuf;
using SevSnp.Advisories;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>What a policy says, from the wire. What is left out is as in the built-in policy.</summary>
internal static class PolicyRulesReader
{
    private const int LongestDescription = 512;
    private const int MostProviders = 64;
    private const int LongestProvider = 256;
    private const int MostDeniedChips = 1024;
    private const int ChipIdLength = 64;
    private const int MostAdvisories = 64;

    public static AppraisalPolicy Read(FieldPath path, Proto.PolicyRules? rules)
    {
        if (rules is null)
        {
            path.Required();
            return AppraisalPolicy.Default;
        }

        Constraints stated = ConstraintsReader.Read(path.Field("constraints"), rules.Constraints);
        Constraints defaults = AppraisalPolicy.Default.Constraints;
        if (rules is { UnsafeSkipRevocation: true, Revocation: Proto.PolicyRules.Types.Revocation.Required })
        {
            path.Field("unsafe_skip_revocation").Fail(ViolationReasons.Contradictory, "a revocation list is required");
        }

        return new AppraisalPolicy
        {
            Description = FieldRules.FreeText(path.Field("description"), rules.Description, 0, LongestDescription),
            Constraints = stated with
            {
                MinReportVersion = stated.MinReportVersion ?? defaults.MinReportVersion,
                Vmpls = stated.Vmpls ?? defaults.Vmpls,
                CspIds = Set(path.Field("csp_ids"), rules.CspIds, MostProviders, StringComparer.Ordinal, (p, text) => FieldRules.FreeText(p, text, 1, LongestProvider)),
                DeniedChips = rules.DeniedChips.Count == 0 ? null : Set(path.Field("denied_chips"), rules.DeniedChips, MostDeniedChips, EqualityComparer<HexBytes>.Default, Chip),
            },
            Revocation = Revocation(path.Field("revocation"), rules.Revocation),
            RequiredAdvisories = Set(path.Field("required_advisories"), rules.RequiredAdvisories, MostAdvisories, StringComparer.Ordinal, Advisory),
            AdmittedExpectations = rules.RequestsMayState is null ? null : Expectations(path.Field("requests_may_state").Field("names"), rules.RequestsMayState),
            UnsafeAllowDebug = rules.UnsafeAllowDebug,
            UnsafeAllowMigration = rules.UnsafeAllowMigration,
            UnsafeAllowMaskedChipId = rules.UnsafeAllowMaskedChipId,
            UnsafeAllowUnboundReport = rules.UnsafeAllowUnboundReport,
            UnsafeAllowAnyMeasurement = rules.UnsafeAllowAnyMeasurement,
            UnsafeSkipAliasCheck = rules.UnsafeSkipAliasCheck,
            UnsafeSkipRevocation = rules.UnsafeSkipRevocation,
        };
    }

    private static RevocationRule Revocation(FieldPath path, Proto.PolicyRules.Types.Revocation value)
    {
        switch (value)
        {
            case Proto.PolicyRules.Types.Revocation.Required:
                return RevocationRule.Required;
            case Proto.PolicyRules.Types.Revocation.Preferred or Proto.PolicyRules.Types.Revocation.Unspecified:
                return RevocationRule.Preferred;
            default:
                path.Fail(ViolationReasons.UnknownValue, "is not a value that this service knows");
                return RevocationRule.Required;
        }
    }

    // A misspelt bulletin would refuse every guest, and only then be noticed.
    private static string? Advisory(FieldPath path, string id)
    {
        if (AdvisoryList.BuiltIn.Find(id) is not null)
        {
            return id;
        }

        path.Fail(ViolationReasons.UnknownValue, "is not in the list of bulletins that this service knows");
        return null;
    }

    private static HexBytes? Chip(FieldPath path, ByteString value)
    {
        HexBytes? chip = FieldRules.Exactly(path, value, ChipIdLength);
        if (chip is { IsZero: true })
        {
            path.Fail(ViolationReasons.ZeroValue, "must not be all zero");
        }

        return chip;
    }

    private static HashSet<Expectation> Expectations(FieldPath path, Proto.AdmittedExpectations value)
    {
        HashSet<string> names = Set(path, value.Names, ExpectationNames.All.Count, StringComparer.Ordinal, (p, name) =>
        {
            if (ExpectationNames.All.Any(e => e.WireName() == name))
            {
                return name;
            }

            p.Fail(ViolationReasons.UnknownValue, "is not an expectation that this service knows");
            return null;
        });
        return [.. ExpectationNames.All.Where(e => names.Contains(e.WireName()))];
    }

    private static HashSet<TItem> Set<TWire, TItem>(FieldPath path, IReadOnlyList<TWire> values, int most, IEqualityComparer<TItem> comparer, Func<FieldPath, TWire, TItem?> read)
        where TItem : class
    {
        HashSet<TItem> set = new(comparer);
        for (int i = 0; FieldRules.AtMost(path, values.Count, most) && i < values.Count; i++)
        {
            if (read(path.At(i), values[i]) is { } item && !set.Add(item))
            {
                path.At(i).Fail(ViolationReasons.Duplicate, "stands in the list before");
            }
        }

        return set;
    }
}
