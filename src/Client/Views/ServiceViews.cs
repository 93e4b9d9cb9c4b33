using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SevSnp.Checks;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>
/// Views of a service's answer. The answer crossed a network and may come from a newer or a broken service: everything but a
/// complete acceptance is a refusal.
/// </summary>
internal static class ServiceViews
{
    // Years 1 to 9999, what a timestamp may be.
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    public static VerdictView Of(V1.VerifyResponse response)
    {
        V1.AttestationVerdict verdict = response.Verdict ?? new V1.AttestationVerdict();
        CheckView[] checks = [.. verdict.Checks.Select(Of)];
        string? contradiction = Contradiction(verdict, checks);
        bool accepted = verdict.Outcome == V1.AttestationVerdict.Types.Outcome.Accepted && contradiction is null;
        bool authentic = verdict.ContentsCase == V1.AttestationVerdict.ContentsOneofCase.Report;
        return new VerdictView
        {
            Outcome = accepted ? VerdictView.Accepted : VerdictView.Rejected,
            Rejection = accepted ? null : verdict.Rejection == V1.AttestationVerdict.Types.Rejection.Refused ? VerdictView.Refused : VerdictView.NotAuthentic,
            Summary = contradiction ?? verdict.Summary,
            Checks = checks,
            Warnings = [.. verdict.Warnings.Select(w => new WarningView(w.Id, w.Text))],
            Report = authentic ? ServiceReports.Of(verdict.Report) : null,
            UnverifiedReport = verdict.UnverifiedReport is { } unverified ? ServiceReports.Of(unverified) : null,
            Endorsement = verdict.Endorsement is { } endorsement ? Of(endorsement) : null,
            Explanation = verdict.Explanation.Count == 0 ? null : [.. verdict.Explanation.Select(c => new CauseView(c.Id, c.Text, Text(c.ReferenceValue)))],
            Reference = verdict.Reference is { } match ? Of(match) : null,
            Bound = verdict.Bound is { } bound ? new BoundView(bound.Scheme, Hex(bound.ReportData), [.. bound.Parts.Select(Hex)]) : null,
            EvidenceId = Hex(verdict.EvidenceId),
            JudgeTime = Time(verdict.JudgeTime),
            Policy = verdict.Policy,
            PolicyVersion = verdict.EffectivePolicy is { Version: > 0 } stored ? stored.Version : null,
            PolicySha256 = verdict.EffectivePolicy is { Sha256.Length: > 0 } policy ? Hex(policy.Sha256) : null,
            Advisories = verdict.Advisories.Count == 0 ? null : [.. verdict.Advisories.Select(Of)],
            NotCovered = [.. verdict.NotCovered],
        };
    }

    public static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    public static string? Name(V1.Product product) =>
        product is V1.Product.Milan or V1.Product.Genoa or V1.Product.Turin ? product.ToString() : null;

    public static string Name(V1.LaunchKind kind) => kind switch
    {
        V1.LaunchKind.SvsmIgvm => "svsm-igvm",
        V1.LaunchKind.Igvm => "igvm",
        V1.LaunchKind.Stage1 => "stage1",
        V1.LaunchKind.Ovmf => "ovmf",
        _ => "unspecified",
    };

    /// <summary>A time; null when it was not sent, or is none.</summary>
    public static DateTimeOffset? Time(Timestamp? time) => time is { Seconds: >= MinSeconds and <= MaxSeconds, Nanos: >= 0 and < 1_000_000_000 } ? time.ToDateTimeOffset() : null;

    public static string? Text(string value) => value.Length == 0 ? null : value;

    // An acceptance must be one through and through; what is missing or unknown in it turns it into a refusal.
    private static string? Contradiction(V1.AttestationVerdict verdict, CheckView[] checks) => verdict.Outcome switch
    {
        V1.AttestationVerdict.Types.Outcome.Rejected => null,
        V1.AttestationVerdict.Types.Outcome.Accepted when verdict.Rejection != V1.AttestationVerdict.Types.Rejection.Unspecified =>
            "The service's answer contradicts itself: accepted, and yet with a reason of refusal. It is treated as refused.",
        V1.AttestationVerdict.Types.Outcome.Accepted when verdict.ContentsCase != V1.AttestationVerdict.ContentsOneofCase.Report =>
            "The service's answer contradicts itself: accepted, and yet without an authentic report. It is treated as refused.",
        V1.AttestationVerdict.Types.Outcome.Accepted when checks.Length == 0 || checks.Any(c => c.Status is not (CheckView.Passed or CheckView.NotRequired)) =>
            "The service's answer contradicts itself: accepted, and yet not every check holds. It is treated as refused.",
        V1.AttestationVerdict.Types.Outcome.Accepted when !AreComplete(checks) =>
            "The service's answer contradicts itself: accepted, and yet not every check was made once. It is treated as refused.",
        V1.AttestationVerdict.Types.Outcome.Accepted => null,
        _ => "The service's answer holds no decision that this client knows. It is treated as refused.",
    };

    // A newer service may make more checks than this client knows.
    private static bool AreComplete(CheckView[] checks) =>
        checks.DistinctBy(c => c.Id).Count() == checks.Length
        && CheckTable.All.All(rule => checks.Any(c => c.Id == rule.Name && (rule.IsOptional || c.Status == CheckView.Passed)));

    private static CheckView Of(V1.Check check) => new(
        check.Id,
        check.Status switch
        {
            V1.Check.Types.Status.Passed => CheckView.Passed,
            V1.Check.Types.Status.NotRequired => CheckView.NotRequired,
            V1.Check.Types.Status.NotEvaluated => CheckView.NotEvaluated,
            _ => CheckView.Failed,
        },
        Text(check.Expected),
        Text(check.Actual),
        Text(check.Detail));

    private static AdvisoryView Of(V1.Advisory advisory) => new(
        advisory.Id,
        Text(advisory.Name),
        advisory.Status switch
        {
            V1.Advisory.Types.Status.UpToDate => AdvisoryView.UpToDate,
            V1.Advisory.Types.Status.OutOfDate => AdvisoryView.OutOfDate,
            _ => AdvisoryView.Unknown,
        },
        advisory.Detail);

    private static EndorsementView Of(V1.Endorsement e) => new(
        e.Kind, Name(e.Product), Hex(e.CertificateSha256), Hex(e.PublicKeySha256), Text(e.CspId), Hex(e.RootSha256), e.UnsafeExtraRoot);

    private static MatchedReferenceView Of(V1.MatchedReference m) => new(m.Name, m.Image, m.Version, Name(m.Kind), Text(m.Profile), m.Deprecated, m.BySigner);
}
