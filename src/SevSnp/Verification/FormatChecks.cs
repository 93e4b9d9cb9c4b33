using SevSnp.Checks;
using SevSnp.Crypto;
using SevSnp.Launch;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>The results of C1 to C7, most of which held by the mere existence of a parsed report.</summary>
internal static class FormatChecks
{
    public static IEnumerable<CheckResult> Of(AttestationReport report) =>
    [
        CheckResult.Passed(CheckId.ReportLengthIsExact, $"{AttestationReport.Size} bytes"),
        CheckResult.Passed(CheckId.ReportVersionIsAllowed, $"version {report.Version}"),
        CheckResult.Passed(CheckId.ReservedBytesAreZero),
        CheckResult.Passed(CheckId.GuestPolicyIsWellFormed, report.Policy.ToString()),
        CheckResult.Passed(CheckId.SignatureAlgorithmIsKnown, "ECDSA P-384 with SHA-384"),
    ];

    /// <summary>C5 and C7: there is a signature, and its two numbers are possible ones.</summary>
    public static bool AddSignatureShape(AttestationReport report, ReadOnlySpan<byte> signature, List<CheckResult> checks)
    {
        if (report.SigningKey == KeyKind.None)
        {
            checks.Add(CheckResult.Failed(
                CheckId.SigningKeyIsNamed,
                "VCEK or VLEK",
                "none",
                report.ChipKeyMasked ? "the host masks the chip's key (MASK_CHIP_KEY), so the firmware signs nothing" : "the firmware signed nothing"));
            return false;
        }

        checks.Add(CheckResult.Passed(CheckId.SigningKeyIsNamed, report.SigningKey.ToString().ToUpperInvariant()));
        if (!P384.IsInRange(signature))
        {
            checks.Add(CheckResult.Failed(CheckId.SignatureIsWellFormed, "R and S each from 1 to n-1", "out of range"));
            return false;
        }

        checks.Add(CheckResult.Passed(CheckId.SignatureIsWellFormed));
        return true;
    }
}
