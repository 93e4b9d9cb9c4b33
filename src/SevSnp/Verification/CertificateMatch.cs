using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>Report against leaf certificate: C21 and C22.</summary>
internal static class CertificateMatch
{
    public static CheckResult Tcb(TcbVersion reported, TcbVersion current, LeafContent leaf) => reported == leaf.Tcb
        ? CheckResult.Passed(CheckId.ReportedTcbMatchesCertificate, reported.ToString())
        : CheckResult.Failed(
            CheckId.ReportedTcbMatchesCertificate,
            leaf.Tcb.ToString(),
            reported.ToString(),
            current == leaf.Tcb ? "the certificate is for the current TCB, but the report is signed for the reported one" : null);

    public static CheckResult ChipId(AttestationReport report, LeafContent leaf)
    {
        if (leaf.HardwareId is not { } hardwareId)
        {
            return CheckResult.NotRequired(CheckId.ChipIdMatchesCertificate, "a VLEK names no chip");
        }

        HexBytes chipId = report.ChipId;
        if (chipId.IsZero)
        {
            return CheckResult.NotRequired(CheckId.ChipIdMatchesCertificate, "the report's chip id is masked");
        }

        // Turin's hardware id is 8 bytes long; the rest of CHIP_ID must then be zero.
        bool same = chipId.Span.StartsWith(hardwareId.Span) && !chipId.Span[hardwareId.Length..].ContainsAnyExcept((byte)0);
        return same
            ? CheckResult.Passed(CheckId.ChipIdMatchesCertificate, hardwareId.ToString())
            : CheckResult.Failed(CheckId.ChipIdMatchesCertificate, hardwareId.ToString(), chipId.ToString(), "the certificate belongs to another chip");
    }
}
