using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Crypto;
using SevSnp.Launch;
using SevSnp.Reports;

namespace SevSnp.Verification;

/// <summary>The first half of judging: is this report from genuine AMD hardware? Pure; the same arguments give the same answer.</summary>
public static class Authenticator
{
    private static readonly CheckId[] Own = [.. CheckIds.All().Where(id => id <= CheckId.ChipIdMatchesCertificate)];

    /// <summary>
    /// Makes the checks C1 to C22. C1 to C7 and C9 held, as far as bytes alone can show, when the report was parsed. A gate that
    /// fails stops the rest, except that report and certificate are still compared (C21, C22) when only the signature failed:
    /// that tells an exchanged certificate from a changed report.
    /// </summary>
    /// <param name="evidence">Report and certificates.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time of judging.</param>
    /// <returns>The results, and the verified report when the gates C1 to C20 held.</returns>
    public static Authentication Authenticate(Evidence evidence, TrustRoots roots, DateTimeOffset at) =>
        Authenticate(evidence, roots, at, SignatureEngine.BouncyCastle);

    /// <summary>Makes the checks C1 to C22, with a choice of who checks the report's signature.</summary>
    /// <param name="evidence">Report and certificates.</param>
    /// <param name="roots">The pinned roots.</param>
    /// <param name="at">The time of judging.</param>
    /// <param name="engine">Who checks the report's signature; the results are the same.</param>
    /// <returns>The results, and the verified report when the gates C1 to C20 held.</returns>
    public static Authentication Authenticate(Evidence evidence, TrustRoots roots, DateTimeOffset at, SignatureEngine engine)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(roots);
        AttestationReport report = evidence.Report;
        List<CheckResult> checks = [.. FormatChecks.Of(report), TableCheck(evidence.Certificates)];

        Span<byte> signature = stackalloc byte[ReportSignature.Size];
        ReportSignature.Read(report, signature);
        if (!FormatChecks.AddSignatureShape(report, signature, checks)
            || !HasKnownCpu(report, checks)
            || !HasLeaf(evidence, checks)
            || !ChainVerifier.TryVerify(report.SigningKey, report.CpuProduct, evidence.Certificates, roots, at, checks, out EndorsementKey? key))
        {
            return new Authentication(report, Complete(checks), null, null);
        }

        if (!report.TryDecodeTcbs(key.Product.TcbLayout(), out TcbVersions tcbs, out EvidenceFault fault))
        {
            checks.Add(CheckResult.Failed(CheckId.TcbReservedBytesAreZero, "reserved bytes zero", fault.ToString()));
            return new Authentication(report, Complete(checks), null, key);
        }

        checks.Add(CheckResult.Passed(CheckId.TcbReservedBytesAreZero));

        // The identity of the evidence is the very digest that is signed, made of the bytes as received.
        bool isSigned = key.VerifyDigest(report.EvidenceId, signature, engine);
        checks.Add(CheckResult.Passed(CheckId.SignatureCoversReceivedBytes, "SHA-384 over bytes 0x000 to 0x29f as received"));
        checks.Add(isSigned
            ? CheckResult.Passed(CheckId.ReportSignatureIsValid)
            : CheckResult.Failed(CheckId.ReportSignatureIsValid, $"signed by the key of the given {key.Kind.ToString().ToUpperInvariant()}", "the signature does not verify"));
        checks.Add(CertificateMatch.Tcb(tcbs.Reported, tcbs.Current, key.Content));
        checks.Add(CertificateMatch.ChipId(report, key.Content));
        return new Authentication(report, Complete(checks), isSigned ? new VerifiedReport(report, tcbs, key) : null, key);
    }

    private static CheckResult TableCheck(CertificateBundle bundle) => bundle.IsFromTable
        ? CheckResult.Passed(CheckId.CertificateTableIsWellFormed)
        : CheckResult.NotRequired(CheckId.CertificateTableIsWellFormed, "the certificates did not come in a table");

    // Only version 2 may leave the product line to the certificate. A CPU that is not known is refused, never read like the newest known one.
    private static bool HasKnownCpu(AttestationReport report, List<CheckResult> checks)
    {
        if (report.Cpu is not { } cpu || report.CpuProduct != ProductLine.Unknown)
        {
            return true;
        }

        checks.Add(CheckResult.Failed(CheckId.ProductIsConsistent, "a CPU of Milan, Genoa or Turin", $"family, model and stepping {cpu}"));
        return false;
    }

    // The key service's definite "no such certificate" is an answer about the evidence, not an outage.
    private static bool HasLeaf(Evidence evidence, List<CheckResult> checks)
    {
        CertificateRole role = evidence.Report.SigningKey == KeyKind.Vcek ? CertificateRole.Vcek : CertificateRole.Vlek;
        if (evidence.MissingLeafReason is not { } reason || evidence.Certificates.Find(role) is not null)
        {
            return true;
        }

        checks.Add(CheckResult.Failed(CheckId.CertificatesMatchProfile, "a certificate that AMD issued for this chip and reported TCB", "none", reason));
        return false;
    }

    private static CheckResult[] Complete(List<CheckResult> checks)
    {
        CheckResult? failed = checks.Find(c => c.Status == CheckStatus.Failed);
        string reason = failed is null ? "not reached" : $"{failed.Id.WireName()} failed";
        CheckResult[] complete = new CheckResult[Own.Length];
        for (int i = 0; i < complete.Length; i++)
        {
            complete[i] = Of(Own[i], checks) ?? CheckResult.NotEvaluated(Own[i], reason);
        }

        return complete;
    }

    private static CheckResult? Of(CheckId id, List<CheckResult> checks)
    {
        foreach (CheckResult check in checks)
        {
            if (check.Id == id)
            {
                return check;
            }
        }

        return null;
    }
}
