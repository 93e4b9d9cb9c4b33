using Google.Protobuf.WellKnownTypes;
using SevSnp.Advisories;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.References;
using Verifier.Service.Pipeline;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A finished verdict, to the wire.</summary>
internal static class VerdictMapping
{
    public static Proto.VerifyResponse ToProto(ExplainedVerdict explained)
    {
        AttestationVerdict verdict = explained.Verdict;
        Proto.AttestationVerdict result = new()
        {
            Outcome = verdict.Accepted ? Proto.AttestationVerdict.Types.Outcome.Accepted : Proto.AttestationVerdict.Types.Outcome.Rejected,
            Rejection = ToProto(verdict.Rejection),
            Reference = verdict.Reference is { } reference ? ToProto(reference, explained.LogLeaf) : null,
            EvidenceId = verdict.EvidenceId.ToProto(),
            JudgeTime = Timestamp.FromDateTimeOffset(verdict.JudgedAt),
            Policy = verdict.PolicyName,
            EffectivePolicy = new() { Name = verdict.Policy.Name, Version = verdict.Policy.Version, Sha256 = verdict.Policy.Sha256.ToProto() },
            Bound = verdict.Bound is { } bound ? ToProto(bound) : null,
            Endorsement = verdict.Endorsement is { } endorsement ? ToProto(endorsement) : null,
            Summary = verdict.Summary,
        };
        result.Checks.Capacity = verdict.Checks.Count;
        result.Checks.AddRange(verdict.Checks.Select(ToProto));
        result.Warnings.AddRange(verdict.Warnings.Select(w => new Proto.Warning { Id = w.Id, Text = w.Text }));
        result.Explanation.AddRange(explained.Explanation.Select(c => new Proto.Cause { Id = c.Id, Text = c.Text, ReferenceValue = c.ReferenceName ?? "" }));
        result.Advisories.Capacity = verdict.Advisories.Count;
        result.Advisories.AddRange(verdict.Advisories.Select(ToProto));
        result.NotCovered.AddRange(verdict.NotCovered);
        Proto.SnpReport report = ReportMapping.ToProto(verdict.Report, verdict.Product, verdict.Tcbs);
        if (verdict.IsReportAuthentic)
        {
            result.Report = report;
        }
        else
        {
            result.UnverifiedReport = report;
        }

        return new Proto.VerifyResponse { Verdict = result, ResultToken = explained.ResultToken ?? "" };
    }

    private static Proto.AttestationVerdict.Types.Rejection ToProto(RejectionKind kind) => kind switch
    {
        RejectionKind.None => Proto.AttestationVerdict.Types.Rejection.Unspecified,
        RejectionKind.Refused => Proto.AttestationVerdict.Types.Rejection.Refused,
        _ => Proto.AttestationVerdict.Types.Rejection.NotAuthentic,
    };

    private static Proto.Check ToProto(CheckResult check) => new()
    {
        Id = check.Id.WireName(),
        Status = check.Status switch
        {
            CheckStatus.Passed => Proto.Check.Types.Status.Passed,
            CheckStatus.NotRequired => Proto.Check.Types.Status.NotRequired,
            CheckStatus.NotEvaluated => Proto.Check.Types.Status.NotEvaluated,
            _ => Proto.Check.Types.Status.Failed,
        },
        Expected = check.Expected ?? "",
        Actual = check.Actual ?? "",
        Detail = check.Detail ?? "",
    };

    private static Proto.MatchedReference ToProto(MatchedReference match, long? leaf)
    {
        Proto.MatchedReference result = new()
        {
            Name = match.Value.Name,
            Image = match.Value.Image,
            Version = match.Value.Version,
            Kind = match.Value.Kind.ToProto(),
            Profile = match.Measurement?.Profile ?? "",
            BySigner = match.Measurement is null,
            Deprecated = match.Value.State == ReferenceState.Deprecated,
        };
        if (leaf is { } index)
        {
            result.LogLeafIndex = index;
        }

        return result;
    }

    private static Proto.Advisory ToProto(AdvisoryFinding finding) => new()
    {
        Id = finding.Advisory.Id,
        Name = finding.Advisory.Name,
        Status = finding.Status switch
        {
            AdvisoryStatus.UpToDate => Proto.Advisory.Types.Status.UpToDate,
            AdvisoryStatus.OutOfDate => Proto.Advisory.Types.Status.OutOfDate,
            _ => Proto.Advisory.Types.Status.Unknown,
        },
        Detail = finding.Detail,
    };

    private static Proto.BoundData ToProto(ReportDataBinding binding)
    {
        Proto.BoundData result = new() { Scheme = binding.Scheme, ReportData = binding.Expected.ToProto() };
        result.Parts.AddRange(binding.Parts.Select(p => p.ToProto()));
        return result;
    }

    private static Proto.Endorsement ToProto(EndorsementKey key) => new()
    {
        Kind = key.Kind.ToString().ToUpperInvariant(),
        Product = key.Product.ToProto(),
        CertificateSha256 = key.Certificate.Sha256.ToProto(),
        PublicKeySha256 = key.Certificate.PublicKeySha256.ToProto(),
        CspId = key.Content.CspId ?? "",
        RootSha256 = key.Root.Sha256.ToProto(),
        UnsafeExtraRoot = key.IsUnsafeExtraRoot,
    };
}
