using SevSnp.Launch;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>Constraints on what the guest is: HOST_DATA, VMPL, guest policy (C27, C31, C34).</summary>
internal static class GuestRules
{
    public static Finding? HostData(VerifiedReport report, Constraints stated) => stated.HostData is { } expected
        ? new(report.Report.HostData.Equals(expected), expected.ToString(), $"{report.Report.HostData}, chosen by the host")
        : null;

    public static Finding? Vmpl(VerifiedReport report, Constraints stated)
    {
        if (stated.Vmpls is not { } allowed)
        {
            return null;
        }

        uint vmpl = report.Report.Vmpl;
        string expected = allowed.Count == 0 ? "no VMPL is allowed" : $"VMPL {string.Join(" or ", allowed.Order())}";
        return new(allowed.Contains(vmpl), expected, $"VMPL {vmpl}");
    }

    public static Finding? Policy(VerifiedReport report, Constraints stated)
    {
        if (stated.GuestPolicy is not { } rule)
        {
            return null;
        }

        GuestPolicy actual = report.Report.Policy;
        GuestPolicyBits missing = rule.Required & ~(GuestPolicyBits)actual.Raw;
        GuestPolicyBits unwanted = rule.Forbidden & (GuestPolicyBits)actual.Raw;
        bool abiIsMet = (actual.AbiMajor, actual.AbiMinor).CompareTo((rule.MinAbiMajor, rule.MinAbiMinor)) >= 0;
        List<string> why = [.. BitNames.Faults(missing, unwanted)];
        if (!abiIsMet)
        {
            why.Add($"ABI {actual.AbiMajor}.{actual.AbiMinor} is below {rule.MinAbiMajor}.{rule.MinAbiMinor}");
        }

        string abi = rule is { MinAbiMajor: 0, MinAbiMinor: 0 } ? "" : $", ABI at least {rule.MinAbiMajor}.{rule.MinAbiMinor}";
        return new(why.Count == 0, $"required {BitNames.Of(rule.Required)}, forbidden {BitNames.Of(rule.Forbidden)}{abi}", actual.ToString(), BitNames.Join(why));
    }
}
