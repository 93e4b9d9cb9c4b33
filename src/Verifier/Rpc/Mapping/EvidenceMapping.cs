using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Reports;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;
using Form = Verifier.Contracts.V1.SnpEvidence.CertificatesOneofCase;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Evidence, from the wire to parsed values. Limits come first, so that nothing large is parsed.</summary>
internal static class EvidenceMapping
{
    private const int MostLists = 4;

    /// <summary>Checks form and limits. Null when something is wrong.</summary>
    public static Proto.SnpEvidence? Check(FieldPath path, Proto.Evidence? value)
    {
        if (value is null)
        {
            path.Required();
            return null;
        }

        if (value.FormCase != Proto.Evidence.FormOneofCase.Snp)
        {
            path.Field("form").Required();
            return null;
        }

        path = path.Field("snp");
        CheckCertificates(path, value.Snp);
        FieldPath lists = path.Field("revocation_lists");
        for (int i = 0; FieldRules.AtMost(lists, value.Snp.RevocationLists.Count, MostLists) && i < value.Snp.RevocationLists.Count; i++)
        {
            FieldRules.Between(lists.At(i), value.Snp.RevocationLists[i], 1, CertificateBundle.MaxSize);
        }

        return value.Snp;
    }

    /// <summary>Parses what <see cref="Check"/> let through.</summary>
    public static (AttestationReport Report, CertificateBundle Certificates) Parse(string path, Proto.SnpEvidence value, VerifiedCertificates? known = null)
    {
        if (!AttestationReport.TryParse(value.Report.Span, out AttestationReport? report, out EvidenceFault fault))
        {
            throw RpcErrors.Malformed($"{path}.snp.report", fault);
        }

        CertificateBundle bundle = Bundle(path, value, known);
        return (report, value.RevocationLists.Count == 0 ? bundle : bundle.WithRevocationLists(value.RevocationLists.Select(l => l.Memory), known));
    }

    private static void CheckCertificates(FieldPath path, Proto.SnpEvidence value)
    {
        switch (value.CertificatesCase)
        {
            case Form.Der:
                path = path.Field("der").Field("certificates");
                if (value.Der.Certificates.Count == 0)
                {
                    path.Required();
                }

                for (int i = 0; FieldRules.AtMost(path, value.Der.Certificates.Count, CertificateBundle.MaxCertificates) && i < value.Der.Certificates.Count; i++)
                {
                    FieldRules.Between(path.At(i), value.Der.Certificates[i], 1, AmdCertificate.MaxSize);
                }

                break;
            case Form.Pem when value.Pem.Length is 0 or > CertificateBundle.MaxSize:
                path.Field("pem").Fail(ViolationReasons.WrongLength, $"must be 1 to {CertificateBundle.MaxSize} characters long, is {value.Pem.Length}");
                break;
            case Form.Table:
                FieldRules.Between(path.Field("table"), value.Table, 1, CertificateBundle.MaxSize);
                break;
        }
    }

    private static CertificateBundle Bundle(string path, Proto.SnpEvidence value, VerifiedCertificates? known)
    {
        switch (value.CertificatesCase)
        {
            case Form.Der:
                return CertificateBundle.FromDer(value.Der.Certificates.Select(c => c.Memory), known);
            case Form.Pem:
                return CertificateBundle.FromPem(value.Pem, known);
            case Form.Table:
                return CertificateBundle.TryFromTable(value.Table.Span, out CertificateBundle? bundle, out EvidenceFault fault, known)
                    ? bundle
                    : throw RpcErrors.Malformed($"{path}.snp.table", fault);
            default:
                return CertificateBundle.Empty;
        }
    }
}
